//! What is drawn on a page, and where, without drawing it: glyphs with their
//! characters, images with their places, whether there is anything else.
//!
//! Comes before any pixel is made, so that sizes can be refused first.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use hayro::hayro_interpret::font::{Glyph as DrawnGlyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, Paint, RenderContent, SoftMask, StrokeProps,
    interpret_page,
};
use hayro::hayro_syntax::object::{Dict, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape as _, Vec2};

use super::PageSize;
use super::annotations::Stroke;
use super::shapes::{self, Form, Piece};
use crate::decode::{Limits, Unreadable, grey};
use crate::vocab::{BBox, PageNumber};

/// One visible glyph. Places are in points from the page's upper left corner,
/// y down, rotation applied.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    /// What it stands for; `None` where the font does not say.
    pub text: Option<String>,
    /// Where its baseline begins.
    pub origin: Point,
    /// To where the next glyph would begin.
    pub advance: Vec2,
    /// From the baseline up by one em.
    pub up: Vec2,
    /// How dark its ink is; `None` for a pattern.
    pub grey: Option<u8>,
    /// When it was drawn, counted from the page's first operation.
    pub order: u64,
}

/// One line or area. Places as in [`Glyph`], cut to what its clip shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub form: Form,
    pub bounds: Rect,
    pub filled: bool,
    /// How dark it is; `None` for a pattern.
    pub grey: Option<u8>,
    /// Hides what is below.
    pub opaque: bool,
    pub order: u64,
}

/// One image as placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    /// From its pixels to the page, in points.
    pub transform: Affine,
    pub width: u32,
    pub height: u32,
}

impl Placed {
    pub(super) fn rect(&self) -> Rect {
        self.transform.transform_rect_bbox(Rect::new(
            0.0,
            0.0,
            self.width.into(),
            self.height.into(),
        ))
    }
}

/// What was found.
pub(super) struct Survey {
    pub size: PageSize,
    pub glyphs: Vec<Glyph>,
    /// Those that are written invisibly, or lie under a picture.
    pub hidden: Vec<Glyph>,
    pub images: Vec<Placed>,
    pub shapes: Vec<Shape>,
    /// What is seen cannot be told from this list alone.
    pub doubtful: bool,
    /// [`Glyph::order`] and [`Shape::order`] of what annotations draw are
    /// greater than this.
    pub page_end: u64,
    /// Text went over the limit.
    pub text_cut: bool,
    /// Lines, areas and glyphs that leave ink.
    pub marks: u64,
    /// An image is clipped, faded or mixed with what lies below.
    altered: bool,
}

impl Survey {
    /// Whether opaque images are all there is to see.
    pub(super) fn is_only_images(&self) -> bool {
        !self.images.is_empty() && self.marks == 0
    }

    /// Whether those images lie there just as they are stored.
    pub(super) fn is_unaltered(&self) -> bool {
        self.is_only_images() && !self.altered
    }

    /// Pictures that are larger than a logo.
    pub(super) fn pictures(&self) -> Vec<BBox> {
        /// Share of the page: a line of ten words.
        const LARGER: f64 = 0.01;
        /// More are a picture in tiles.
        const MOST: usize = 200;
        let PageSize { width, height, .. } = self.size;
        let page = Rect::new(0.0, 0.0, width, height);
        self.images
            .iter()
            .map(|image| image.rect())
            .filter(|rect| rect.overlaps(page) && rect.area() >= LARGER * page.area())
            .take(MOST)
            .map(|rect| {
                BBox::new(
                    (rect.x0 / width) as f32,
                    (rect.y0 / height) as f32,
                    (rect.x1 / width) as f32,
                    (rect.y1 / height) as f32,
                )
            })
            .collect()
    }

    /// Share of the page that images cover, overlaps counted twice.
    pub(super) fn image_cover(&self) -> f64 {
        let page = Rect::new(0.0, 0.0, self.size.width, self.size.height);
        let covered: f64 = self.images.iter().map(|i| i.rect().intersect(page).area()).sum();
        covered / page.area()
    }
}

/// Thrown through the interpreter, which has no other way to be stopped. Not a
/// panic: no hook runs, nothing is printed.
struct TooMuch;

/// Goes through the page once.
/// `strokes` are drawn over it.
pub(super) fn survey(
    page: &Page<'_>,
    strokes: &[Stroke],
    number: PageNumber,
    limits: &Limits,
) -> Result<Survey, Unreadable> {
    let size = PageSize::of(page);
    let mut device = Surveyor {
        survey: Survey {
            size,
            glyphs: Vec::new(),
            hidden: Vec::new(),
            images: Vec::new(),
            shapes: Vec::new(),
            doubtful: false,
            page_end: 0,
            text_cut: false,
            marks: 0,
            altered: false,
        },
        limits,
        operations: 0,
        text_bytes: 0,
        coverings: 0,
        clips: Vec::new(),
        groups: Vec::new(),
        oversize: None,
    };
    let run = catch_unwind(AssertUnwindSafe(|| {
        interpret_part(page, &mut device, RenderContent::PAGE);
        device.survey.page_end = device.operations;
        interpret_part(page, &mut device, RenderContent::ANNOTATIONS);
        for stroke in strokes {
            device.stroke(stroke);
        }
    }));
    if let Some(oversize) = device.oversize {
        return Err(oversize);
    }
    match run {
        Ok(()) => Ok(device.survey),
        Err(thrown) if thrown.is::<TooMuch>() => Err(Unreadable::TooManyOperations {
            page: number,
            limit: limits.max_operations_per_page,
        }),
        Err(_) => Err(Unreadable::PageDamaged { page: number, what: "its content is broken" }),
    }
}

/// Runs the page's content through a device, in points from the upper left.
pub(super) fn interpret<'a>(page: &Page<'a>, device: &mut impl Device<'a>) {
    interpret_part(page, device, RenderContent::all());
}

fn interpret_part<'a>(page: &Page<'a>, device: &mut impl Device<'a>, part: RenderContent) {
    let (width, height) = page.render_dimensions();
    let cache = InterpreterCache::new();
    let bounds = Rect::new(0.0, 0.0, width.into(), height.into());
    let transform = page.initial_transform(true).to_kurbo();
    let settings = InterpreterSettings { render_content: part, ..InterpreterSettings::default() };
    let mut context = Context::new(transform, bounds, &cache, page.xref(), settings);
    interpret_page(page, &mut context, device);
}

struct Surveyor<'l> {
    survey: Survey,
    limits: &'l Limits,
    operations: u64,
    text_bytes: usize,
    /// How many large opaque images have been laid over earlier text.
    coverings: u32,
    /// What the clips in force leave, the innermost last.
    clips: Vec<Rect>,
    groups: Vec<Group>,
    /// An image that must not be decoded.
    oversize: Option<Unreadable>,
}

/// A group of drawings laid on the page together.
struct Group {
    opacity: f32,
    /// Neither masked nor mixed with what lies below.
    plain: bool,
}

/// Opacity below which nothing is seen on a fax or by a reader.
const INVISIBLE_BELOW: f32 = 0.1;
/// Share of the page from which an image counts as laid over the text below
/// it: smaller ones are logos and signatures.
const COVERING_FROM: f64 = 0.05;
/// Coverings that are compared with the text; a page has one or two.
const MAX_COVERINGS: u32 = 64;
/// Opacity from which what lies below is not seen.
const OPAQUE_FROM: f32 = 0.9;
/// Lines and areas that are kept; a page of more is a drawing and is drawn.
const MAX_SHAPES: usize = 20_000;

impl Surveyor<'_> {
    fn operation(&mut self) {
        self.operations += 1;
        if self.operations > self.limits.max_operations_per_page {
            resume_unwind(Box::new(TooMuch));
        }
    }

    fn page(&self) -> Rect {
        Rect::new(0.0, 0.0, self.survey.size.width, self.survey.size.height)
    }

    /// What of the page the clips leave.
    fn window(&self) -> Rect {
        self.clips.last().copied().unwrap_or_else(|| self.page())
    }

    fn group_opacity(&self) -> f32 {
        self.groups.iter().map(|group| group.opacity).product()
    }

    fn shape(&mut self, piece: &Piece, props: &DrawProps<'_>) {
        let window = self.window();
        let strength = opacity(&props.paint) * self.group_opacity();
        if !piece.bounds.overlaps(window) || strength < INVISIBLE_BELOW {
            return;
        }
        if self.survey.shapes.len() >= MAX_SHAPES {
            self.survey.doubtful = true;
            return;
        }
        let plain = props.soft_mask.is_none()
            && props.blend_mode == BlendMode::Normal
            && self.groups.iter().all(|group| group.plain);
        let bounds = piece.bounds.intersect(window);
        // The box around a form often cuts half the line of its own frame.
        let cut = bounds.area() < 0.7 * piece.bounds.area();
        let form = match piece.form {
            Form::Frame | Form::Ring if cut => Form::Drawing,
            form => form,
        };
        self.survey.shapes.push(Shape {
            form,
            bounds,
            filled: piece.filled,
            grey: grey_of(&props.paint),
            opaque: plain && strength >= OPAQUE_FROM,
            order: self.operations,
        });
    }

    fn stroke(&mut self, stroke: &Stroke) {
        self.operation();
        let line_width = stroke.width as f32;
        let mode = DrawMode::Stroke(StrokeProps { line_width, ..StrokeProps::default() });
        for piece in shapes::pieces(&stroke.path, Affine::IDENTITY, &mode) {
            let seen = piece.bounds.overlaps(self.page());
            if seen && self.survey.shapes.len() < MAX_SHAPES {
                self.survey.marks += 1;
                self.survey.shapes.push(Shape {
                    form: piece.form,
                    bounds: piece.bounds,
                    filled: false,
                    grey: Some(stroke.grey),
                    opaque: false,
                    order: self.operations,
                });
            }
        }
    }

    fn mark(&mut self, bounds: Rect, paint: &Paint<'_>) {
        let seen = bounds.overlaps(self.page()) && opacity(paint) >= INVISIBLE_BELOW;
        // Many producers first paint the sheet white.
        let under_everything = self.survey.images.is_empty() && is_white(paint);
        if seen && !under_everything {
            self.survey.marks += 1;
        }
    }

    fn glyph(&mut self, glyph: &DrawnGlyph<'_>, transform: Affine, paint: &Paint<'_>, shown: bool) {
        let origin = transform * Point::ZERO;
        // Glyph space has 1,000 units an em.
        let axis = |x, y| transform * Point::new(x, y) - origin;
        let width = match glyph {
            DrawnGlyph::Outline(outline) => outline.advance_width(),
            DrawnGlyph::Type3(drawn) => drawn.advance_width(),
        };
        // Half an em where the font does not say.
        let advance = axis(f64::from(width.unwrap_or(500.0)), 0.0);
        let up = axis(0.0, 1000.0);
        let visible =
            [origin.x, origin.y, advance.x, advance.y, up.x, up.y].iter().all(|v| v.is_finite())
                && self.page().inflate(1.0, 1.0).contains(origin);
        if !visible {
            return;
        }
        let text = glyph.as_unicode().map(|text| match text {
            BfString::Char(c) => c.to_string(),
            BfString::String(s) => s,
        });
        let blank = text.as_deref().is_some_and(|t| t.trim().is_empty());
        if !blank && shown {
            self.survey.marks += 1;
        }
        self.text_bytes += text.as_ref().map_or(0, String::len);
        if self.text_bytes > self.limits.max_text_per_page {
            self.survey.text_cut |= shown;
            return;
        }
        let glyph =
            Glyph { text, origin, advance, up, grey: grey_of(paint), order: self.operations };
        if self.window().inflate(1.0, 1.0).contains(glyph.middle()) {
            if shown { self.survey.glyphs.push(glyph) } else { self.survey.hidden.push(glyph) }
        }
    }

    /// Text under an opaque image is not seen: some scanners put their OCR
    /// there instead of making it invisible.
    fn cover(&mut self, rect: Rect) {
        if rect.area() < COVERING_FROM * self.page().area() || self.coverings >= MAX_COVERINGS {
            return;
        }
        self.coverings += 1;
        let survey = &mut self.survey;
        let before = survey.glyphs.len();
        let (covered, seen): (Vec<Glyph>, Vec<Glyph>) =
            survey.glyphs.drain(..).partition(|glyph| rect.contains(glyph.middle()));
        let inked = covered.iter().filter(|glyph| !glyph.is_blank()).count() as u64;
        survey.glyphs = seen;
        survey.hidden.extend(covered);
        if survey.glyphs.len() < before {
            survey.marks = survey.marks.saturating_sub(inked);
        }
    }
}

impl<'a> Device<'a> for Surveyor<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.operation();
        for piece in shapes::pieces(path, props.transform, mode) {
            self.shape(&piece, &props);
        }
        let bounds = props.transform.transform_rect_bbox(path.bounding_box());
        self.mark(bounds, &props.paint);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.operation();
        // A clip that leaves the whole page alone does nothing.
        let slack = 2.0;
        let bounds = clip.path.bounding_box();
        self.clips.push(self.window().intersect(bounds));
        let bounds = bounds.inflate(slack, slack);
        if !bounds.contains_rect(self.page()) {
            self.survey.altered = true;
        }
    }

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        blend: BlendMode,
    ) {
        self.operation();
        let plain = mask.is_none() && blend == BlendMode::Normal;
        if opacity < 1.0 || !plain {
            self.survey.altered = true;
        }
        self.groups.push(Group { opacity, plain });
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let strength = opacity(&props.paint) * self.group_opacity();
        let invisible = matches!(mode, DrawMode::Invisible) || strength < INVISIBLE_BELOW;
        if !invisible && (props.soft_mask.is_some() || self.groups.iter().any(|g| !g.plain)) {
            self.survey.doubtful = true;
        }
        for glyph in run.glyphs() {
            self.operation();
            self.glyph(glyph, props.transform * glyph.transform(), &props.paint, !invisible);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.operation();
        let (width, height) = (image.width(), image.height());
        let stream = match &image {
            Image::Stencil(stencil) => stencil.stream(),
            Image::Raster(raster) => raster.stream(),
        };
        if let Err(refused) = check_image(stream, width, height, self.limits.max_pixels_per_page) {
            self.oversize = Some(refused);
            resume_unwind(Box::new(TooMuch));
        }
        let placed = Placed { transform: props.transform, width, height };
        if !placed.rect().overlaps(self.page()) {
            return;
        }
        match &image {
            Image::Raster(_) if is_opaque(stream.dict()) => {
                let whole = is_axis_aligned(placed.transform);
                self.survey.images.push(placed);
                if whole && !self.survey.altered {
                    self.cover(placed.rect());
                }
            }
            Image::Stencil(stencil) if is_black_stencil(stencil) => self.survey.images.push(placed),
            Image::Raster(_) | Image::Stencil(_) => {
                self.survey.images.push(placed);
                self.survey.altered = true;
            }
        }
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }
}

/// Whether sides run along the page's.
pub(super) fn is_axis_aligned(transform: Affine) -> bool {
    let [a, b, c, d, ..] = transform.as_coeffs();
    // A thousandth: over the width of a page less than a dot at 204 an inch.
    let small = |v: f64, other: f64| v.abs() <= other.abs() * 1e-3;
    (small(b, a) && small(c, d)) || (small(a, b) && small(d, c))
}

fn is_opaque(dict: &Dict<'_>) -> bool {
    !["SMask", "Mask", "SMaskInData"].iter().any(|key| dict.contains_key(key))
}

/// A stencil is paint through holes; a fax stored as one is painted black.
fn is_black_stencil(stencil: &hayro::hayro_interpret::StencilImage<'_, '_>) -> bool {
    let mut black = false;
    // The paint is only told together with the pixels.
    stencil.with_stencil(
        |_, paint| {
            black = match paint {
                Paint::Color(colour) => colour.to_rgba().to_rgba8() == [0, 0, 0, 255],
                Paint::Pattern(_) => false,
            }
        },
        None,
    );
    black
}

fn opacity(paint: &Paint<'_>) -> f32 {
    match paint {
        Paint::Color(colour) => colour.to_rgba().components()[3],
        Paint::Pattern(_) => 1.0,
    }
}

fn grey_of(paint: &Paint<'_>) -> Option<u8> {
    match paint {
        Paint::Color(colour) => {
            let [r, g, b, _] = colour.to_rgba().to_rgba8();
            Some(grey::luma(r, g, b))
        }
        Paint::Pattern(_) => None,
    }
}

fn is_white(paint: &Paint<'_>) -> bool {
    match paint {
        Paint::Color(colour) => colour.to_rgba().to_rgba8()[..3].iter().all(|c| *c >= 250),
        Paint::Pattern(_) => false,
    }
}

/// Every size the interpreter would take memory for: the image's own, its
/// mask's, and the one in the data where the coding has its own.
fn check_image(stream: &Stream<'_>, width: u32, height: u32, max: u64) -> Result<(), Unreadable> {
    let dict = stream.dict();
    grey::check(width.into(), height.into(), max)?;
    for key in ["SMask", "Mask"] {
        if let Some(mask) = dict.get::<Stream<'_>>(key) {
            let side = |name| u64::from(mask.dict().get::<u32>(name).unwrap_or(0));
            grey::check(side("Width"), side("Height"), max)?;
        }
    }
    let parameters = dict.get::<Dict<'_>>("DecodeParms").or_else(|| dict.get::<Dict<'_>>("DP"));
    if let Some(columns) = parameters.and_then(|p| p.get::<u32>("Columns")) {
        grey::check(columns.into(), height.into(), max)?;
    }
    let data = stream.raw_data();
    if data.starts_with(b"\xff\xd8")
        && let Some((width, height)) = crate::decode::picture::jpeg_size(&data)
    {
        grey::check(width.into(), height.into(), max)?;
    }
    Ok(())
}
