//! Where a value that was missed may stand, so that somebody can go and look.

use serde_json::Value;

/// More of its letters wrong than this share, and it was not read at all.
const UNLIKE: f64 = 0.45;
/// Letters of the line that are shown.
const SHOWN: usize = 90;

/// The page and line that come nearest to a value as it would be printed;
/// empty where nothing is like it.
pub fn nearest(result: &Value, value: &str) -> String {
    let wanted = plain(value);
    if wanted.is_empty() {
        return String::new();
    }
    let mut best: Option<(f64, String)> = None;
    for page in result["pages"].as_array().into_iter().flatten() {
        for line in page["text"].as_str().unwrap_or_default().lines() {
            let cost = cost(&wanted, &plain(line)) as f64 / wanted.len() as f64;
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                let shown: String = line.chars().take(SHOWN).collect();
                best = Some((cost, format!("page {}: {shown}", page["number"])));
            }
        }
    }
    best.filter(|(cost, _)| *cost <= UNLIKE).map(|(_, place)| place).unwrap_or_default()
}

fn plain(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Letters to change, add and leave out until `wanted` is some part of `line`.
fn cost(wanted: &[char], line: &[char]) -> usize {
    // Any part of the line may come before.
    let mut row = vec![0; line.len() + 1];
    for (done, letter) in wanted.iter().enumerate() {
        let mut corner = row[0];
        row[0] = done + 1;
        for (place, other) in line.iter().enumerate() {
            let replaced = corner + usize::from(letter != other);
            corner = row[place + 1];
            row[place + 1] = replaced.min(corner + 1).min(row[place] + 1);
        }
    }
    row.into_iter().min().unwrap_or(wanted.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_line_that_holds_something_like_it() {
        let result = json!({"pages": [
            {"number": 1, "text": "Fax cover\nRE: request"},
            {"number": 2, "text": "Qty 1  K00O3 wheelchair\nNPI 2000000002"},
        ]});
        assert_eq!(nearest(&result, "K0003"), "page 2: Qty 1  K00O3 wheelchair");
        assert_eq!(nearest(&result, "2000000002"), "page 2: NPI 2000000002");
        assert_eq!(nearest(&result, "987654321"), "");
    }

    #[test]
    fn a_part_of_a_line_is_enough() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(cost(&chars("CODE"), &chars("THECODEIS")), 0);
        assert_eq!(cost(&chars("CODE"), &chars("THECOEIS")), 1);
        assert_eq!(cost(&chars("CODE"), &chars("")), 4);
    }
}
