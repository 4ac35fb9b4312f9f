//! Dots an inch: what the file says where that can be, else what the size of
//! the image tells.

use super::pages::Dpi;

/// Scan lines of fax machines are this wide at 204 dots an inch: letter and
/// A4, B4, A3 (ITU-T T.4, table 2).
const FAX_WIDTHS: [u32; 3] = [1728, 2048, 2432];
/// Dots an inch across of those widths.
const FAX_X: f32 = 204.0;
/// Scan lines an inch of standard, fine and superfine mode (T.4: 3.85, 7.7 and
/// 15.4 lines a millimetre).
const FAX_Y: [f32; 3] = [98.0, 196.0, 391.0];
/// A page of unknown length is taken to be letter paper, inches.
const LETTER: (f32, f32) = (8.5, 11.0);
/// Inches. Paper that a fax machine or a scanner takes: from a card of 2 inches
/// to A2's shorter side and half as much again. Outside, the resolution is
/// wrong, most often a camera's or a screen's 72 or 96 on a full page scan.
const SHORT_SIDE: std::ops::RangeInclusive<f32> = 1.5..=17.0;
/// Dots an inch; below 50 nothing can be read, above 2,400 no scanner goes.
const DPI: std::ops::RangeInclusive<f32> = 50.0..=2400.0;
/// How far the two resolutions may lie apart. Standard against superfine is 4.
const RATIO: std::ops::RangeInclusive<f32> = 0.24..=4.2;
/// Inches across of a fax page: letter is 8.47, A3 is 11.9. A fax width with
/// another claim carries the resolution of some other step of its journey.
const FAX_INCHES: std::ops::RangeInclusive<f32> = 7.0..=13.0;

/// The stated resolution if it can be believed for an image of this size, else
/// an inferred one.
pub(super) fn believed_or_inferred(stated: Option<Dpi>, width: u32, height: u32) -> Dpi {
    stated.filter(|dpi| believable(*dpi, width, height)).unwrap_or_else(|| infer(width, height))
}

fn believable(dpi: Dpi, width: u32, height: u32) -> bool {
    let inches = (width as f32 / dpi.x, height as f32 / dpi.y);
    DPI.contains(&dpi.x)
        && DPI.contains(&dpi.y)
        && RATIO.contains(&(dpi.x / dpi.y))
        && (!FAX_WIDTHS.contains(&width) || FAX_INCHES.contains(&inches.0))
        && (small(width, height) || SHORT_SIDE.contains(&inches.0.min(inches.1)))
}

/// A picture of less than a hundred dots is a logo or a test, and says nothing
/// about paper.
fn small(width: u32, height: u32) -> bool {
    width.min(height) < 100
}

fn infer(width: u32, height: u32) -> Dpi {
    if FAX_WIDTHS.contains(&width) {
        return Dpi { x: FAX_X, y: fax_lines(height) };
    }
    // Letter paper, upright or sideways; never finer or coarser than can be.
    let across = if width <= height { LETTER.0 } else { LETTER.1 };
    let dpi = (width as f32 / across).clamp(*DPI.start(), *DPI.end());
    Dpi { x: dpi, y: dpi }
}

/// The mode whose page length comes nearest to letter paper, by ratio.
fn fax_lines(height: u32) -> f32 {
    let miss = |y: f32| (height.max(1) as f32 / y / LETTER.1).ln().abs();
    FAX_Y.into_iter().min_by(|a, b| miss(*a).total_cmp(&miss(*b))).unwrap_or(FAX_Y[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fax_without_resolution_is_told_by_its_length() {
        for (height, y) in [(1078, 98.0), (1145, 98.0), (2156, 196.0), (2292, 196.0), (4300, 391.0)]
        {
            assert_eq!(believed_or_inferred(None, 1728, height), Dpi { x: 204.0, y });
        }
    }

    #[test]
    fn the_resolutions_of_faxes_are_believed_and_their_pages_are_letters() {
        for (width, height, x, y) in [
            (1728, 1078, 204.0, 98.0),
            (1728, 2156, 204.0, 196.0),
            (1728, 4301, 204.0, 391.0),
            (1728, 1100, 200.0, 100.0),
            (1728, 2200, 200.0, 200.0),
            (2550, 3300, 300.0, 300.0),
            (3456, 4400, 400.0, 400.0),
        ] {
            let dpi = believed_or_inferred(Some(Dpi { x, y }), width, height);
            assert_eq!(dpi, Dpi { x, y });
            let inches = (width as f32 / dpi.x, height as f32 / dpi.y);
            assert!((8.4..8.7).contains(&inches.0) && (10.9..11.1).contains(&inches.1));
        }
    }

    #[test]
    fn absurd_ones_end_square_all_the_same() {
        for stated in [(1.0, 1.0), (204.0, 1.0), (0.0, 0.0), (1e9, 1e9), (-204.0, -98.0)] {
            let said = Some(Dpi { x: stated.0, y: stated.1 });
            assert_eq!(believed_or_inferred(said, 1728, 1100), Dpi { x: 204.0, y: 98.0 });
            let scan = believed_or_inferred(said, 2550, 3300);
            assert_eq!(scan, Dpi { x: 300.0, y: 300.0 });
        }
    }

    #[test]
    fn what_the_file_says_is_believed_only_where_it_can_be() {
        let said = |x, y| Some(Dpi { x, y });
        assert_eq!(believed_or_inferred(said(204.0, 98.0), 1728, 1100), Dpi { x: 204.0, y: 98.0 });
        // 72 dots an inch on a full page scan: a default of the software.
        assert_eq!(believed_or_inferred(said(72.0, 72.0), 2550, 3300), Dpi { x: 300.0, y: 300.0 });
        // Dots a centimetre under the unit of inches.
        assert_eq!(believed_or_inferred(said(80.0, 77.0), 1728, 2200).y, 196.0);
        assert_eq!(believed_or_inferred(said(0.0, f32::NAN), 850, 1100).x, 100.0);
    }
}
