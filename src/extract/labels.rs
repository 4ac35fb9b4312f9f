//! Labels of fields, headings of blocks, and the values that belong to them.

use serde::Deserialize;

use super::findings::Role;
use super::layout::Sheet;
use super::phrase::{Hit, Lexicon, longest};
use super::shapes::has_shape;
pub use super::values::Value;
use crate::vocab::{BBox, Confidence};

/// What a label announces. Its phrases stand in `models/cues/labels.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// National Provider Identifier.
    Npi,
    /// Tax id of a provider.
    Tin,
    /// Social security number of a person; never taken, only a stop.
    Ssn,
    /// Telephone.
    Phone,
    /// Fax.
    Fax,
    /// Street address, or the whole of it.
    Address,
    /// City, state, ZIP.
    Locality,
    /// A name, of whomever the block is about.
    Name,
    /// The patient's name.
    PatientName,
    /// The patient's given name alone.
    GivenName,
    /// The patient's family name alone.
    FamilyName,
    /// Date of birth.
    BirthDate,
    /// Member, customer, subscriber id, MBI.
    MemberId,
    /// A diagnosis, or a column of them.
    Diagnosis,
    /// A procedure code, or a column of them.
    Hcpcs,
    /// A column of item descriptions.
    Description,
    /// A modifier, or a column of them.
    Modifier,
    /// Quantity.
    Units,
    /// Money.
    Price,
    /// Rental or purchase.
    Acquisition,
    /// Date of service, start of care.
    ServiceDate,
    /// Of the written order.
    OrderDate,
    /// Of a visit.
    VisitDate,
    /// Of a discharge still to come.
    DischargeDate,
    /// Of a discharge; past or future is for the date to tell.
    Discharged,
    /// Of a delivery.
    DeliveryDate,
    /// A date of no use here: printed, faxed, signed.
    OtherDate,
    /// Case number.
    Case,
    /// Authorization number.
    Authorization,
    /// Our hold reference.
    Hold,
    /// Whom to call.
    Contact,
    /// Signature.
    Signature,
    /// Place of service.
    PlaceOfService,
    /// `To:` of a cover sheet.
    To,
    /// `From:` of a cover sheet, or of a table, where `Thru` stands beside it.
    From,
    /// The last day of what begins on the day of `From`.
    Through,
    /// `Re:` of a cover sheet.
    Re,
    /// How many pages were sent.
    Pages,
    /// Any other label: where another field's value ends.
    Stop,
}

/// What a hit of the label lexicon stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldTag {
    /// A label.
    Label(Label),
    /// A word that says whose block this is.
    Role(Role),
    /// A word that says whose the label right behind it is, and no more:
    /// `Company NPI`, as opposed to `Company: Example Insurance`.
    Party(Role),
    /// A word that says the block is the patient's.
    Patient,
}

/// A label or heading on a page.
#[derive(Clone, Copy, Debug)]
pub struct FieldHit {
    /// Which words.
    pub hit: Hit<FieldTag>,
    /// The cell it is in.
    pub cell: usize,
    /// Followed by a colon, a question mark or a number sign.
    pub colon: bool,
    /// The first words of its cell.
    pub starts_cell: bool,
    /// The last words of its cell.
    pub ends_cell: bool,
    /// At the head of its cell, after at most a section's number.
    pub leads: bool,
    /// The header of a column: other labels stand alone beside it.
    pub heads_column: bool,
    /// In parentheses, behind what it is the label of: `36-1234567 (EIN)`.
    pub enclosed: bool,
}

impl FieldHit {
    /// How sure the label itself was read.
    pub fn weight(&self) -> Confidence {
        // An edit in a label of ten letters leaves little doubt; two, some.
        Confidence::new(1.0 - 0.05 * f32::from(self.hit.distance))
    }

    pub(super) fn label(&self) -> Option<Label> {
        match self.hit.tag {
            FieldTag::Label(label) => Some(label),
            FieldTag::Role(_) | FieldTag::Party(_) | FieldTag::Patient => None,
        }
    }

    /// Whether a value to the left of it ends here.
    pub(super) fn ends_value(&self) -> bool {
        let short_and_sure = matches!(
            self.label(),
            Some(
                Label::Npi
                    | Label::Tin
                    | Label::Fax
                    | Label::BirthDate
                    | Label::MemberId
                    | Label::Ssn
                    | Label::Hcpcs
                    | Label::Authorization
                    | Label::Case
            )
        );
        self.colon || (self.starts_cell && self.label().is_some()) || short_and_sure
    }
}

/// A page with its labels found.
#[derive(Debug)]
pub struct Form<'p> {
    /// The page.
    pub sheet: Sheet<'p>,
    /// Labels and headings, in reading order, longest ones only.
    pub fields: Vec<FieldHit>,
    /// By row: whether its labels stand beneath their values.
    pub(super) beneath: Vec<bool>,
    /// By row: whether it is nothing but a heading in capitals.
    capitals: Vec<bool>,
}

/// A role and how surely it was told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// Whose.
    pub role: Role,
    /// By how near and how clear a heading.
    pub weight: Confidence,
    /// Whether the block is the patient's, so that nothing in it is a
    /// provider's.
    pub patient: bool,
}

/// Edges this close (share of the page's width) are aligned.
pub(super) const ALIGNED: f32 = 0.045;
/// The middle of a centred line is this close to that of the page.
const CENTRED: f32 = 0.02;
/// A block's heading stands at most this many rows above a field of it.
const BLOCK_ROWS: usize = 14;
/// Labels and headings of a form that people fill in, at most.
const MOST_FIELDS: usize = 400;
/// Rows under a heading in which its column shows, if it has one.
const ROWS_OF_A_COLUMN: usize = 3;
/// The labels of one provider's block stand within so many rows, where each
/// has its value underneath.
const NEW_BLOCK: usize = 5;
/// A heading alone on its row has at most this many words, a section's number
/// included.
const BARE_WORDS: usize = 7;
/// A heading, as opposed to a sentence, has at most this many words.
const HEADING_WORDS: usize = 9;
/// A heading set in capitals may name all that stands in its box.
const WORDS_OF_CAPITALS: usize = 18;

impl<'p> Form<'p> {
    /// Finds the labels of a page.
    pub fn new(sheet: Sheet<'p>, lexicon: &Lexicon<FieldTag>) -> Self {
        let mut hits = lexicon.find(&sheet);
        hits.extend(margin_headings(&sheet, lexicon, &hits));
        hits.sort_by_key(|hit| (hit.first, hit.last));
        let within: Vec<Hit<FieldTag>> = hits
            .iter()
            .filter(|hit| !crosses_a_bracket(&sheet, hit, &hits) && !crosses_a_mark(&sheet, hit))
            .copied()
            .collect();
        let hits = longest(&within);
        // Of two headings seen in the same words the closer one: `treating
        // physician` is no `reading physician`.
        let closest = |hit: &Hit<FieldTag>| {
            let closer = |other: &Hit<FieldTag>| {
                (other.first, other.last) == (hit.first, hit.last) && other.distance < hit.distance
            };
            !hits.iter().any(closer)
        };
        let fields = hits
            .iter()
            .filter(|hit| closest(hit))
            .copied()
            .map(|hit| {
                let cell = sheet.cell_of(hit.first);
                let pieces = &sheet.cells[cell].pieces;
                FieldHit {
                    hit,
                    cell,
                    colon: followed_by_colon(&sheet, hit.last)
                        || hit.first == pieces.start && has_worn_colon(&sheet, hit),
                    starts_cell: hit.first == pieces.start,
                    ends_cell: hit.last + 1 >= pieces.end,
                    leads: leads(&sheet, cell, hit.first),
                    heads_column: false,
                    enclosed: is_enclosed(&sheet, hit),
                }
            })
            .collect();
        let mut form = Self { sheet, fields, beneath: Vec::new(), capitals: Vec::new() };
        form.drop_single_words();
        form.name_facilities();
        form.beneath = form.rows_beneath();
        form.capitals = form.sheet.rows.iter().map(|row| form.in_capitals(row)).collect();
        for index in 0..form.fields.len() {
            form.fields[index].heads_column = form.in_header_row(&form.fields[index]);
        }
        form
    }

    /// `P: (212) 555-0105  F: …` are labels, `F` for a woman is none: a letter
    /// alone needs its colon and a number behind it. `Urgent/stat` is no misread
    /// `Start` either, and says nothing of when a service begins.
    fn drop_single_words(&mut self) {
        let kept = self.fields.iter().map(|field| {
            let alone = field.hit.first == field.hit.last;
            if alone && field.label() == Some(Label::ServiceDate) && field.hit.distance > 0 {
                return false;
            }
            let lone = alone && self.sheet.pieces[field.hit.first].folded.len() == 1;
            !lone
                || field.colon
                    && has_shape(Label::Phone, &self.same_cell(field).snippet.text) == Some(true)
        });
        let mut kept = kept.collect::<Vec<bool>>().into_iter();
        self.fields.retain(|_| kept.next().unwrap_or(true));
    }

    /// `Facility   Guiding Light Home Health` right under `Agency / sleep facility` is
    /// the name of who is meant there, and no hospital's.
    fn name_facilities(&mut self) {
        let rendering = |f: &FieldHit| f.hit.tag == FieldTag::Role(Role::Rendering);
        let named: Vec<usize> = (0..self.fields.len())
            .filter(|&index| {
                let field = &self.fields[index];
                let row = self.sheet.cells[field.cell].row;
                let alone = field.hit.first == field.hit.last && field.leads;
                alone
                    && field.hit.tag == FieldTag::Role(Role::Facility)
                    && row.checked_sub(1).is_some_and(|above| {
                        let heads =
                            |f: &FieldHit| self.sheet.rows[above] == [f.cell] && f.ends_cell;
                        self.fields.iter().any(|f| rendering(f) && heads(f) && self.is_bare(f))
                    })
            })
            .collect();
        for index in named {
            self.fields[index].hit.tag = FieldTag::Label(Label::Name);
        }
    }

    /// Whether a page has more labels than any form that people fill in: what compares
    /// labels with each other is left out there.
    pub(super) fn is_crowded(&self) -> bool {
        self.fields.len() > MOST_FIELDS
    }

    /// Labels of one kind.
    pub fn labelled(&self, label: Label) -> impl Iterator<Item = &FieldHit> + '_ {
        self.fields.iter().filter(move |f| f.hit.tag == FieldTag::Label(label))
    }

    /// Whether the label is a column's header: other labels stand alone in
    /// the cells beside it.
    fn in_header_row(&self, field: &FieldHit) -> bool {
        let row = self.sheet.cells[field.cell].row;
        if self.beneath[row] {
            return false;
        }
        let alone = |f: &&FieldHit| {
            self.sheet.cells[f.cell].row == row
                && f.label().is_some()
                && f.starts_cell
                && !self.same_cell(f).snippet.text.chars().any(|c| c.is_ascii_digit())
        };
        let mut cells: Vec<usize> = self.fields.iter().filter(alone).map(|f| f.cell).collect();
        cells.dedup();
        cells.len() >= 2 && cells.contains(&field.cell)
    }

    /// The header above a place, if it stands in a column that has one: the
    /// nearest label in a header row whose column spans the place.
    pub fn column_header(&self, place: BBox) -> Option<&FieldHit> {
        let place = self.sheet.flat(place);
        let above = self.fields.iter().filter(|f| {
            let b = self.sheet.cells[f.cell].bbox;
            f.heads_column && b.center_y() < place.y0()
        });
        let row = above.clone().map(|f| self.sheet.cells[f.cell].row).max()?;
        if self.has_ended(row, place) {
            return None;
        }
        above
            .filter(|f| self.sheet.cells[f.cell].row == row)
            .filter(|f| {
                let (left, right) = self.sheet.column_of(f.cell);
                let b = self.sheet.cells[f.cell].bbox;
                (place.center_x() >= left && place.center_x() <= right)
                    || place.shared_width(b) >= 0.3
            })
            .min_by(|a, b| {
                let off = |f: &&FieldHit| {
                    let box_ = self.sheet.piece_box(f.hit.first, f.hit.last);
                    (box_.center_x() - place.center_x()).abs()
                };
                off(a).total_cmp(&off(b))
            })
    }

    /// Whether the table under a header row has ended above a place: where
    /// another field is filled in, or a heading stands alone.
    pub(super) fn has_ended(&self, header: usize, place: BBox) -> bool {
        let capitals = (header + 1..self.sheet.rows.len()).any(|row| {
            let cell = self.sheet.rows[row][0];
            self.capitals[row] && self.sheet.cells[cell].bbox.y1() < place.y0()
        });
        capitals
            || self.fields.iter().any(|f| {
                let row = self.sheet.cells[f.cell].row;
                let heading = self.sheet.rows[row].len() == 1 && names_a_block(f.hit.tag);
                row > header
                    && self.sheet.cells[f.cell].bbox.y1() < place.y0()
                    && f.leads
                    && (heading || f.colon && !f.ends_cell)
            })
    }

    /// Whether a row is one cell set in capitals, as headings of sections are:
    /// two words and more, and no digits but a section's number.
    fn in_capitals(&self, row: &[usize]) -> bool {
        let &[cell] = row else { return false };
        let text = self.sheet.cell_snippet(cell).text;
        let (mut upper, mut lower) = (0, 0);
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            if c.is_uppercase() { upper += 1 } else { lower += 1 }
        }
        let words = text.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).count();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        words >= 2 && digits <= 2 && upper >= 8 && lower * 5 <= upper
    }

    /// The nearest label to the left on the same row, in its cell or another.
    pub fn label_before(&self, piece: usize) -> Option<&FieldHit> {
        let cell = self.sheet.cell_of(piece);
        let same = self
            .fields
            .iter()
            .filter(|f| f.cell == cell && f.hit.last < piece && f.label().is_some())
            .max_by_key(|f| f.hit.last);
        same.or_else(|| {
            self.sheet.left_of(cell).find_map(|left| {
                self.fields
                    .iter()
                    .filter(|f| f.cell == left && f.label().is_some() && (f.ends_cell || f.colon))
                    .max_by_key(|f| f.hit.last)
            })
        })
    }

    /// Whose block a label (or the value in cell `value`) belongs to.
    pub fn role_of(&self, field: &FieldHit, value: &Value) -> Option<Bound> {
        value
            .party
            .or_else(|| self.role_in_label(field))
            .or_else(|| self.role_before(field))
            .or_else(|| self.role_in_row(field, value))
            .or_else(|| self.role_above(field.cell))
    }

    /// `Ordering physician NPI`, `NPI (supplier)`.
    fn role_in_label(&self, field: &FieldHit) -> Option<Bound> {
        let of_party = |f: &&FieldHit| {
            f.cell == field.cell
                && f.hit.last + 1 == field.hit.first
                && matches!(f.hit.tag, FieldTag::Party(_))
        };
        if let Some(party) = self.fields.iter().find(of_party) {
            return Some(bound(party, 1.0));
        }
        let owner = |f: &&FieldHit| self.is_owner(f);
        let before = self
            .fields
            .iter()
            .filter(owner)
            .filter(|f| f.cell == field.cell && f.hit.first <= field.hit.first)
            .max_by_key(|f| f.hit.last);
        let after = || {
            self.fields.iter().filter(owner).find(|f| {
                f.cell == field.cell
                    && f.hit.first > field.hit.last
                    && f.hit.first <= field.hit.last + 2
                    && !field.colon
            })
        };
        let named = before.or_else(after)?;
        // `Family physician   Jane Roe, MD   Physician's NPI`: of the one before.
        let again = named.hit.first == named.hit.last && named.hit.last + 1 == field.hit.first;
        let other = self
            .role_beside(field.cell)
            .filter(|other| again && named.leads && other.role == Role::Unknown && !other.patient);
        Some(other.unwrap_or_else(|| bound(named, 1.0)))
    }

    /// Whether a heading says whose something is. "Cardinal Primary Care" is a
    /// practice, in a sentence.
    fn is_owner(&self, field: &FieldHit) -> bool {
        let other = field.hit.tag == FieldTag::Role(Role::Unknown);
        names_somebody(field.hit.tag) && !(other && !field.enclosed && self.is_in_a_name(field))
    }

    /// Whether another word with a capital stands right before a heading in its cell.
    fn is_in_a_name(&self, field: &FieldHit) -> bool {
        let before = field.hit.first.checked_sub(1).filter(|_| !field.starts_cell);
        before.is_some_and(|before| {
            let word = self.sheet.words[self.sheet.pieces[before].word].text;
            word.starts_with(char::is_uppercase) && word.ends_with(char::is_alphanumeric)
        })
    }

    /// `Jane Roe, MD (ordering clinician)   1234567893 (NPI)`, and a sentence
    /// that began on the line above: `… ordered by Jane Roe, MD, NPI …`.
    fn role_before(&self, field: &FieldHit) -> Option<Bound> {
        let owners =
            |cell: usize| self.fields.iter().filter(move |f| f.cell == cell && self.is_owner(f));
        let left = self.sheet.left_of(field.cell);
        let beside = left.into_iter().find_map(|cell| owners(cell).rfind(|f| f.enclosed));
        let line_above = || {
            // A row that says at its head whose it is is no rest of a sentence.
            if self.role_beside(field.cell).is_some() {
                return None;
            }
            let above = self.sheet.line_before(field.cell)?;
            owners(above).max_by_key(|f| f.hit.last)
        };
        beside.or_else(line_above).map(|f| bound(f, 0.97))
    }

    /// `Supplier | Lakeside HME | NPI …`, or a row header beside a column.
    fn role_in_row(&self, field: &FieldHit, value: &Value) -> Option<Bound> {
        let beside = self.sheet.left_of(field.cell).find_map(|left| {
            self.fields.iter().rfind(|f| {
                f.cell == left && f.leads && !f.ends_cell && matches!(f.hit.tag, FieldTag::Role(_))
            })
        });
        if let Some(heading) = beside.or_else(|| self.margin_heading(field)) {
            return Some(bound(heading, 0.97));
        }
        // A heading on top of the column counts for less only once its block has ended.
        let heads = |heading: &FieldHit| self.still_heads(heading, field.cell);
        if self.aligned_heading(field.cell).is_some_and(heads) {
            return None;
        }
        [field.cell, value.cell].into_iter().find_map(|cell| self.role_beside(cell))
    }

    /// Whose the row of a cell is, by what stands before it.
    pub(super) fn role_beside(&self, cell: usize) -> Option<Bound> {
        self.sheet.left_of(cell).find_map(|left| {
            let roles = self
                .fields
                .iter()
                .filter(|f| f.cell == left && f.leads && names_somebody(f.hit.tag));
            roles.max_by_key(|f| f.hit.last).map(|f| bound(f, 0.97))
        })
    }

    /// The heading in the margin of a block of rows, beside the first of them.
    fn margin_heading(&self, field: &FieldHit) -> Option<&FieldHit> {
        let sheet = &self.sheet;
        let row = sheet.cells[field.cell].row;
        let (&margin, others) = sheet.rows[row].split_first()?;
        let column = sheet.cells[*others.first()?].bbox.x0();
        let next = *sheet.rows.get(row + 1)?.first()?;
        let is_empty_beneath = (sheet.cells[next].bbox.x0() - column).abs() <= ALIGNED;
        let end = sheet.cells[margin].pieces.end.checked_sub(1)?;
        let goes_on = sheet.beneath_in_margin(end).is_some_and(|p| sheet.cell_of(p) == next);
        let heading = self.fields.iter().find(|f| {
            let role = matches!(f.hit.tag, FieldTag::Role(_));
            role && f.cell == margin && f.starts_cell && f.ends_cell
        });
        heading.filter(|_| margin != field.cell && (is_empty_beneath || goes_on))
    }

    /// The heading on top, in this column or across the page.
    pub fn role_above(&self, cell: usize) -> Option<Bound> {
        if let Some(heading) = self.aligned_heading(cell) {
            return self.still_heads(heading, cell).then(|| bound(heading, 0.97));
        }
        let row = self.sheet.cells[cell].row;
        let x0 = self.sheet.cells[cell].bbox.x0();
        // Not aligned with any: the nearest heading that begins further left.
        let start = row.saturating_sub(BLOCK_ROWS);
        let heading = (start..row).rev().find_map(|above| {
            self.headings_in(above)
                .filter(|f| self.sheet.cells[f.cell].bbox.x0() <= x0 + ALIGNED)
                .max_by(|a, b| {
                    let left = |f: &&FieldHit| self.sheet.cells[f.cell].bbox.x0();
                    left(a).total_cmp(&left(b))
                })
        })?;
        self.still_heads(heading, cell).then(|| bound(heading, 0.88))
    }

    /// Whether the block of a heading still goes on at a cell. It has ended
    /// where somebody signs, or where the labels of a provider begin anew:
    /// the heading in between was too damaged to be read.
    fn still_heads(&self, heading: &FieldHit, cell: usize) -> bool {
        let top = self.sheet.cells[heading.cell].row;
        let row = self.sheet.cells[cell].row;
        let signed = self
            .labelled(Label::Signature)
            .any(|f| (top + 1..row).contains(&self.sheet.cells[f.cell].row));
        !signed && self.begins_anew(top, row).is_none()
    }

    /// The row, after `top` and not after `row`, in which the labels of a
    /// provider's block stand for the second time in their columns: a name
    /// and another of them, or both numbers. A second telephone or the number
    /// of a group belongs to the same provider still.
    fn begins_anew(&self, top: usize, row: usize) -> Option<usize> {
        let of_a_block = |f: &&FieldHit| {
            let label = f.label();
            matches!(label, Some(Label::Name | Label::Npi | Label::Tin | Label::Phone | Label::Fax))
                && f.leads
        };
        let row_of = |f: &FieldHit| self.sheet.cells[f.cell].row;
        let left = |f: &FieldHit| self.sheet.cells[f.cell].bbox.x0();
        let in_block: Vec<&FieldHit> =
            self.fields.iter().filter(of_a_block).filter(|f| row_of(f) > top).collect();
        let again: Vec<(usize, Option<Label>)> = in_block
            .iter()
            .filter(|f| {
                in_block.iter().any(|first| {
                    first.hit.tag == f.hit.tag
                        && row_of(first) < row_of(f)
                        && (left(first) - left(f)).abs() <= ALIGNED
                })
            })
            .map(|f| (row_of(f), f.label()))
            .collect();
        let begins = |first: usize| {
            // Behind a heading of its own the next block begins anyway.
            let end = (first + 1..=first + NEW_BLOCK)
                .find(|&row| self.headings_in(row).next().is_some())
                .unwrap_or(first + NEW_BLOCK + 1);
            let near = |label: Label| {
                again.iter().any(|(r, l)| (first..end).contains(r) && *l == Some(label))
            };
            let others = [Label::Npi, Label::Tin, Label::Phone, Label::Fax];
            near(Label::Name) && others.into_iter().any(near)
                || near(Label::Npi) && near(Label::Tin)
        };
        again.iter().map(|(r, _)| *r).filter(|&first| first <= row && begins(first)).min()
    }

    /// The nearest heading above with the same left edge, in the margin of its
    /// rows, or alone on its row.
    fn aligned_heading(&self, cell: usize) -> Option<&FieldHit> {
        let row = self.sheet.cells[cell].row;
        let x0 = self.sheet.cells[cell].bbox.x0();
        (row.saturating_sub(BLOCK_ROWS)..row).rev().find_map(|above| {
            self.headings_in(above).find(|f| {
                let heading = self.sheet.cells[f.cell].bbox;
                let bare = self.is_bare(f);
                let aligned = (heading.x0() - x0).abs() <= ALIGNED
                    // Labels that end at one margin begin anywhere under it.
                    || f.ends_cell && bare && (heading.x0()..heading.x1()).contains(&x0);
                let across = || self.sheet.rows[above].len() == 1 && bare && !self.is_aside(f, x0);
                aligned || across() || self.is_in_margin(f, cell)
            })
        })
    }

    /// Whether a heading alone on its row stands farther to the right, over a
    /// column of its own.
    fn is_aside(&self, heading: &FieldHit, x0: f32) -> bool {
        let sheet = &self.sheet;
        let (own, row) = (sheet.cells[heading.cell].bbox, sheet.cells[heading.cell].row);
        let left = own.x0();
        let mut beneath = sheet.rows.iter().skip(row + 1).take(ROWS_OF_A_COLUMN);
        // `PHYSICIAN'S ORDER` on top of a page heads none of its blocks.
        let is_centred = heading.ends_cell && (own.center_x() - 0.5).abs() <= CENTRED;
        left > x0 + ALIGNED
            && !is_centred
            && beneath.any(|cells| {
                let under = |cell: &usize| (sheet.cells[*cell].bbox.x0() - left).abs() <= ALIGNED;
                cells.len() > 1 && cells.iter().any(under)
            })
    }

    /// Whether a heading stands in the margin of the rows down to this cell: before
    /// others, with nothing under it but the rest of its own words.
    fn is_in_margin(&self, heading: &FieldHit, cell: usize) -> bool {
        let sheet = &self.sheet;
        let (top, row) = (sheet.cells[heading.cell].row, sheet.cells[cell].row);
        let &[first, second, ..] = sheet.rows[top].as_slice() else { return false };
        if self.is_crowded() {
            return false;
        }
        let edge = sheet.cells[second].bbox.x0() - ALIGNED;
        let whole = first == heading.cell && heading.starts_cell && heading.ends_cell;
        let empty = |row: usize| {
            sheet.rows[row].iter().all(|&cell| {
                let label = self.fields.iter().any(|f| f.cell == cell && f.label().is_some());
                let rest = row == top + 1 && sheet.cells[cell].words.len() <= 2 && !label;
                sheet.cells[cell].bbox.x0() >= edge || rest
            })
        };
        matches!(heading.hit.tag, FieldTag::Role(_))
            && whole
            && sheet.cells[first].bbox.x0() < edge
            && sheet.cells[cell].bbox.x0() >= edge
            && (top + 1..=row).all(empty)
    }

    fn headings_in(&self, row: usize) -> impl Iterator<Item = &FieldHit> + '_ {
        self.fields.iter().filter(move |f| {
            self.sheet.cells[f.cell].row == row
                && (f.leads || f.enclosed)
                && names_a_block(f.hit.tag)
                && !self.is_label_of_a_number(f)
                && !self.is_column_of_people(f)
                && (f.colon || self.sheet.cells[f.cell].words.len() <= self.most_words(f.cell))
                // "Attending physician's signature" heads nothing.
                && !self.labelled(Label::Signature).any(|s| s.cell == f.cell)
        })
    }

    /// Words of a heading, at most: a sentence is not set in capitals.
    fn most_words(&self, cell: usize) -> usize {
        let text = self.sheet.cell_snippet(cell).text;
        let upper = !text.chars().any(char::is_lowercase);
        if upper { WORDS_OF_CAPITALS } else { HEADING_WORDS }
    }

    /// Whether a heading of the patient's is one of a table's columns, `Member's
    /// plan ID` behind `Birth date`: it heads nothing beneath the table.
    fn is_column_of_people(&self, heading: &FieldHit) -> bool {
        let row = self.sheet.cells[heading.cell].row;
        let heads = |f: &FieldHit| f.heads_column && self.sheet.cells[f.cell].row == row;
        let mut before = self.sheet.left_of(heading.cell);
        !matches!(heading.hit.tag, FieldTag::Role(_))
            && before.any(|cell| self.fields.iter().any(|f| f.cell == cell && heads(f)))
    }

    /// `Physician NPI`, `Patient phone` say whose this is, and head nothing beneath;
    /// `Supplier name, address, telephone` heads a box.
    fn is_label_of_a_number(&self, heading: &FieldHit) -> bool {
        let of_patient = heading.hit.tag == FieldTag::Patient;
        names_somebody(heading.hit.tag)
            && self.fields.iter().any(|f| {
                let next = f.cell == heading.cell && f.hit.first == heading.hit.last + 1;
                next && match f.label() {
                    Some(Label::Npi | Label::Tin | Label::Phone | Label::Fax) => true,
                    Some(Label::Address) => of_patient,
                    _ => false,
                }
            })
    }

    /// Whether a heading carries no value of its own.
    fn is_bare(&self, field: &FieldHit) -> bool {
        self.sheet.cells[field.cell].words.len() <= BARE_WORDS && (!field.colon || field.ends_cell)
    }
}

/// Headings in the margin of rows that take two of them, each said of its first.
fn margin_headings(
    sheet: &Sheet<'_>,
    lexicon: &Lexicon<FieldTag>,
    hits: &[Hit<FieldTag>],
) -> Vec<Hit<FieldTag>> {
    let over = |piece: usize| sheet.next(piece).or_else(|| sheet.beneath_in_margin(piece));
    let roles = |cell: usize| {
        let pieces = sheet.cells[cell].pieces.clone();
        let within = hits.iter().filter(move |hit| pieces.contains(&hit.first));
        within.map(|hit| hit.tag).filter(|tag| matches!(tag, FieldTag::Role(_)))
    };
    let across = |hit: Hit<FieldTag>| {
        let cell = sheet.cell_of(hit.first);
        let end = sheet.cells[cell].pieces.end;
        let below = sheet.beneath_in_margin(end - 1).filter(|&below| hit.last >= below)?;
        // `Provider` over `Ordering` is a header over a row, and `Requesting` over
        // `Supplier` are two rows.
        let mut beneath = roles(sheet.cell_of(below));
        let goes_on = beneath.all(|tag| tag == hit.tag && roles(cell).any(|own| own == tag));
        let is_role = matches!(hit.tag, FieldTag::Role(_));
        (is_role && goes_on).then_some(Hit { last: end - 1, ..hit })
    };
    lexicon.find_over(sheet, over).into_iter().filter_map(across).collect()
}

/// Whether a tag says who somebody is, wherever it stands.
fn names_somebody(tag: FieldTag) -> bool {
    matches!(tag, FieldTag::Role(_) | FieldTag::Patient)
}

/// `Ordering physician`, `Supplier`, `Patient`; the patient's name or id
/// begins the patient's block as well as a heading does.
fn names_a_block(tag: FieldTag) -> bool {
    match tag {
        FieldTag::Role(_) | FieldTag::Patient => true,
        FieldTag::Party(_) => false,
        FieldTag::Label(label) => matches!(label, Label::PatientName | Label::MemberId),
    }
}

/// Whether nothing but a section's number stands before a piece in its cell:
/// `2. Supplier`, `SECTION B - SUPPLIER`, `3. Who is the ordering doctor?`.
fn leads(sheet: &Sheet<'_>, cell: usize, piece: usize) -> bool {
    let pieces = sheet.cells[cell].pieces.clone();
    let is_number = |p: &usize| {
        let text = sheet.pieces[*p].folded.as_str();
        // `III.` read as `Int.`: what can hardly be read is a number, too.
        let guess = sheet.words[sheet.pieces[*p].word].confidence.get() < GUESSED;
        let number = text.len() <= 2 || guess && text.len() <= LONGEST_NUMBER;
        number || matches!(text, "sectlon" | "part" | "step" | "lll")
    };
    let numbers = (pieces.start..piece).take(2).take_while(is_number).count();
    let asks = || {
        let words = sheet.pieces[pieces.start + numbers..piece].iter().map(|p| p.folded.as_str());
        let (mut words, last) = (words, &sheet.words[sheet.cells[cell].words.end - 1]);
        last.text.ends_with('?')
            && words.next().is_some_and(|word| matches!(word, "who" | "whlch" | "what" | "whose"))
            && words.all(|word| matches!(word, "ls" | "was" | "are" | "the" | "wlll"))
    };
    pieces.start + numbers == piece || asks()
}

/// A section's number is no longer, and is a guess below this confidence.
const LONGEST_NUMBER: usize = 4;
const GUESSED: f32 = 0.4;

pub(super) fn bound(field: &FieldHit, weight: f32) -> Bound {
    let role = match field.hit.tag {
        FieldTag::Role(role) | FieldTag::Party(role) => role,
        FieldTag::Patient | FieldTag::Label(_) => Role::Unknown,
    };
    // The block of a provider in another role is nobody's, not the patient's.
    let patient = match field.hit.tag {
        FieldTag::Patient => true,
        FieldTag::Label(_) => names_a_block(field.hit.tag),
        FieldTag::Role(_) | FieldTag::Party(_) => false,
    };
    Bound { role, weight: Confidence::new(weight).and(field.weight()), patient }
}

/// Whether a label stands alone between parentheses, behind what it names; with
/// a colon it stands before it, as any other: `Customer (patient): Sample, Edith`.
fn is_enclosed(sheet: &Sheet<'_>, hit: Hit<FieldTag>) -> bool {
    let (first, last) = (&sheet.pieces[hit.first], &sheet.pieces[hit.last]);
    let before = &sheet.words[first.word].text[..first.range.start];
    let after = &sheet.words[last.word].text[last.range.end..];
    let opened = before.ends_with(OPENING);
    let closed = after.strip_prefix([')', ']', '}']).is_some_and(|rest| !rest.starts_with(':'));
    let cell = &sheet.cells[sheet.cell_of(hit.first)].pieces;
    // Of a bracket that closes the line nothing may be left, and one that opens
    // may be read as something else of its height.
    let worn = opened && after.is_empty() && hit.last + 1 == cell.end && hit.first > cell.start;
    let misread =
        || sheet.begins_with_bracket(hit.first) || hit.first > cell.start && before == ";";
    closed && (opened || misread()) || worn
}

/// Brackets before a label, and what one may be read as.
const OPENING: [char; 3] = ['(', '[', '{'];

/// Whether a role is read across the bracket that opens before another one:
/// `Bluebird Home Equipment (vendor)` names a vendor, and no equipment vendor.
fn crosses_a_bracket(sheet: &Sheet<'_>, hit: &Hit<FieldTag>, hits: &[Hit<FieldTag>]) -> bool {
    let opens = |piece: usize| {
        let piece = &sheet.pieces[piece];
        sheet.words[piece.word].text[..piece.range.start].ends_with(OPENING)
    };
    matches!(hit.tag, FieldTag::Role(_))
        && (hit.first + 1..=hit.last).any(|piece| {
            let role = |other: &Hit<FieldTag>| other.first == piece && other.tag == hit.tag;
            opens(piece) && hits.iter().any(role)
        })
}

/// Whether words are read as one label across the end of a line that ends in a mark:
/// `3. Who is the ordering doctor?` over `Name: Jane Roe, MD`.
fn crosses_a_mark(sheet: &Sheet<'_>, hit: &Hit<FieldTag>) -> bool {
    let cell = sheet.cell_of(hit.first);
    let end = &sheet.pieces[sheet.cells[cell].pieces.end - 1];
    let marked = sheet.words[end.word].text[end.range.end..].contains(['?', ':', '.']);
    marked && sheet.cell_of(hit.last) != cell
}

/// Whether a full stop stands where a label has its colon: a worn colon is
/// read as one. Only behind a label that begins with a capital, as labels do
/// and a sentence's last word does not.
fn has_worn_colon(sheet: &Sheet<'_>, hit: Hit<FieldTag>) -> bool {
    let (first, last) = (&sheet.pieces[hit.first], &sheet.pieces[hit.last]);
    let text = sheet.words[first.word].text;
    text[first.range.start..].starts_with(|c: char| c.is_ascii_uppercase())
        && matches!(&sheet.words[last.word].text[last.range.end..], "." | ".:" | "’" | "'")
}

/// Whether `:`, `?` or `#` follows a piece, in its word or as the next word.
pub fn followed_by_colon(sheet: &Sheet<'_>, piece: usize) -> bool {
    let piece = &sheet.pieces[piece];
    let marks = |text: &str| {
        text.trim_start_matches([')', '.', '(', 's', ']', '*', '\''])
            .starts_with([':', '?', '#', ';'])
    };
    let rest = &sheet.words[piece.word].text[piece.range.end..];
    let next = sheet.words.get(piece.word + 1).filter(|w| w.cell == sheet.words[piece.word].cell);
    marks(rest) || rest.is_empty() && next.is_some_and(|w| marks(w.text))
}
