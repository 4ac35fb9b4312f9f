//! Drawing operators of a content stream (ISO 32000-1, 8.5 and 9.4). Points,
//! origin bottom left, y up.

use super::geometry::Matrix;
use super::helvetica::{self, Face};

/// A colour, each part 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rgb(pub f32, pub f32, pub f32);

/// A content stream in the making.
#[derive(Default)]
pub struct Drawing(String);

impl Drawing {
    /// Its bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }

    /// Operands and operator as they stand in the stream.
    pub fn raw(&mut self, operators: &str) {
        self.0.push_str(operators);
        self.0.push('\n');
    }

    fn op(&mut self, operands: &[f32], operator: &str) {
        for &operand in operands {
            self.0.push_str(&number(operand));
            self.0.push(' ');
        }
        self.raw(operator);
    }

    /// Draws a form or image `name` of the page's resources under `matrix`.
    pub fn xobject(&mut self, matrix: Matrix, name: &str) {
        self.raw("q");
        self.op(&matrix.0, "cm");
        self.raw(&format!("/{name} Do"));
        self.raw("Q");
    }

    /// From here on everything is seen through `matrix`.
    pub fn transform(&mut self, matrix: Matrix) {
        self.op(&matrix.0, "cm");
    }

    /// A filled rectangle.
    pub fn rectangle(&mut self, x: f32, y: f32, width: f32, height: f32, colour: Rgb) {
        self.op(&[colour.0, colour.1, colour.2], "rg");
        self.op(&[x, y, width, height], "re f");
    }

    /// Joined strokes with round ends.
    pub fn polyline(&mut self, points: &[(f32, f32)], width: f32, colour: Rgb) {
        self.op(&[colour.0, colour.1, colour.2], "RG");
        self.op(&[width], "w 1 J 1 j");
        for (index, &(x, y)) in points.iter().enumerate() {
            self.op(&[x, y], if index == 0 { "m" } else { "l" });
        }
        self.raw("S");
    }

    /// A dot.
    pub fn dot(&mut self, x: f32, y: f32, diameter: f32, colour: Rgb) {
        self.polyline(&[(x, y), (x, y)], diameter, colour);
    }

    /// Visible text from its baseline's left end.
    pub fn text(&mut self, x: f32, y: f32, face: Face, size: f32, colour: Rgb, text: &str) {
        self.op(&[colour.0, colour.1, colour.2], "rg");
        self.raw(&format!("BT /{} {} Tf", face.resource_name(), number(size)));
        self.op(&[x, y], "Td");
        self.raw(&format!("<{}> Tj ET", hex(&helvetica::encode(text))));
    }

    /// Invisible text: font `G` (see [`super::glyphless`]) of this size, from
    /// its baseline's left end, stretched to `width`.
    pub fn hidden_text(&mut self, x: f32, y: f32, size: f32, width: f32, text: &str) {
        let units: Vec<u16> = text.encode_utf16().collect();
        let natural = super::glyphless::advance(size) * units.len() as f32;
        if natural <= 0.0 || width <= 0.0 {
            return;
        }
        let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        self.raw(&format!("/G {} Tf", number(size)));
        self.op(&[100.0 * width / natural], "Tz");
        self.op(&[1.0, 0.0, 0.0, 1.0, x, y], "Tm");
        self.raw(&format!("<{}> Tj", hex(&bytes)));
    }
}

/// Three places: a hundredth of a fax pixel. PDF knows no exponents.
fn number(value: f32) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_pdf_can_read() {
        for (value, text) in
            [(0.0, "0"), (1.0, "1"), (-0.5, "-0.5"), (100.0, "100"), (1e-9, "0"), (f32::NAN, "0")]
        {
            assert_eq!(number(value), text);
        }
    }
}
