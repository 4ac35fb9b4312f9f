use super::*;

/// Letters of 14 by 20 pixels, 4 apart, blanks of 14; `row` is their top.
fn line(ink: &mut Ink, row: usize, left: usize, words: &[usize]) {
    let mut x = left;
    for letters in words {
        for _ in 0..*letters {
            for y in row..row + 20 {
                ink.set(y, x, x + 14, true);
            }
            x += 18;
        }
        x += 10;
    }
}

fn found(ink: &Ink) -> Vec<Strip> {
    strips(ink, Ink::empty(ink.width(), ink.height())).1
}

#[test]
fn words_of_a_line_are_one_strip_and_columns_are_two() {
    let mut ink = Ink::empty(1700, 400);
    line(&mut ink, 50, 100, &[5, 3, 8]);
    line(&mut ink, 50, 900, &[4]);
    line(&mut ink, 90, 100, &[6]);
    let strips = found(&ink);
    let places: Vec<(usize, usize, usize)> =
        strips.iter().map(|s| (s.area.x0, s.area.y0, s.row)).collect();
    assert_eq!(places, [(100, 50, 0), (900, 50, 0), (100, 90, 1)]);
}

#[test]
fn an_upright_rule_parts_what_stands_close() {
    let mut ink = Ink::empty(600, 200);
    line(&mut ink, 50, 100, &[5, 5]);
    let mut ruled = Ink::empty(600, 200);
    assert_eq!(strips(&ink, ruled.clone()).1.len(), 1);
    for y in 0..200 {
        ruled.set(y, 194, 196, true);
    }
    assert_eq!(strips(&ink, ruled).1.len(), 2);
}

#[test]
fn what_is_left_of_a_rule_joins_no_lines() {
    let mut ink = Ink::empty(600, 200);
    line(&mut ink, 50, 100, &[5]);
    line(&mut ink, 78, 100, &[5]);
    for y in 46..102 {
        ink.set(y, 94, 97, true);
    }
    let strips = found(&ink);
    assert_eq!(strips.iter().map(|s| s.area.y0).collect::<Vec<_>>(), [50, 78]);
    assert!(strips.iter().all(|s| s.area.x0 == 100));
}

#[test]
fn a_dotted_rule_and_a_corner_join_no_lines() {
    let mut ink = Ink::empty(600, 300);
    line(&mut ink, 50, 100, &[5]);
    line(&mut ink, 80, 100, &[5]);
    for y in (40..140).step_by(9) {
        ink.set(y, 92, 95, true);
        ink.set(y + 1, 92, 94, true);
    }
    for y in 46..102 {
        ink.set(y, 205, 208, true);
    }
    for y in 100..103 {
        ink.set(y, 205, 270, true);
    }
    let strips = found(&ink);
    assert_eq!(strips.iter().map(|s| s.area.y0).collect::<Vec<_>>(), [50, 80]);
    assert!(strips.iter().all(|s| s.area.x0 == 100));
}

#[test]
fn dots_and_commas_belong_to_their_line() {
    let mut ink = Ink::empty(600, 200);
    line(&mut ink, 50, 100, &[5]);
    line(&mut ink, 90, 100, &[5]);
    // A full stop at the end and a dot above the first letter.
    for y in 0..4 {
        ink.set(66 + y, 192, 196, true);
        ink.set(42 + y, 104, 108, true);
    }
    let strips = found(&ink);
    assert_eq!(strips.len(), 2);
    assert_eq!((strips[0].area.x1, strips[0].pieces.len()), (196, 7));
    assert_eq!(strips[1].pieces.len(), 5);
}

#[test]
fn splinters_of_faint_letters_make_a_line() {
    let mut ink = Ink::empty(600, 200);
    for letter in 0..12 {
        for (dx, dy) in [(0, 0), (6, 4), (0, 8), (6, 12), (1, 16)] {
            let (x, y) = (100 + 14 * letter + dx, 50 + dy);
            ink.set(y, x, x + 2, true);
            ink.set(y + 1, x, x + 2, true);
        }
    }
    let strips = found(&ink);
    assert_eq!(strips.len(), 1);
    assert_eq!(strips[0].area, Area { x0: 100, y0: 50, x1: 262, y1: 68 });
}

#[test]
fn lines_that_touch_are_two() {
    let mut ink = Ink::empty(900, 200);
    line(&mut ink, 50, 100, &[9]);
    line(&mut ink, 74, 100, &[9]);
    // A tail that reaches down from the first line beside the second.
    for y in 60..84 {
        ink.set(y, 264, 268, true);
    }
    let rows: Vec<usize> = found(&ink).iter().map(|s| s.row).collect();
    assert_eq!(rows, [0, 1]);
}

#[test]
fn an_empty_page_has_no_strips() {
    assert!(found(&Ink::empty(300, 300)).is_empty());
}

/// A letter as it mostly is: a stroke around paper.
fn hollow(ink: &mut Ink, x: usize, y: usize, width: usize, height: usize) {
    for row in y..y + height {
        let edge = row < y + 2 || row >= y + height - 2;
        for (x0, x1) in
            if edge { vec![(x, x + width)] } else { vec![(x, x + 2), (x + width - 2, x + width)] }
        {
            ink.set(row, x0, x1, true);
        }
    }
}

#[test]
fn small_print_beside_something_tall_is_read() {
    let mut ink = Ink::empty(600, 200);
    // A heading, or the rest of a frame, twice and more as high.
    hollow(&mut ink, 60, 40, 30, 75);
    for letter in 0..5 {
        hollow(&mut ink, 110 + 14 * letter, 50, 11, 16);
    }
    let strips = found(&ink);
    assert_eq!(strips.iter().map(|s| s.area.x0).collect::<Vec<_>>(), [60, 110]);
}

#[test]
fn a_bold_colon_stays_with_its_word() {
    let mut ink = Ink::empty(600, 200);
    for letter in 0..5 {
        hollow(&mut ink, 60 + 24 * letter, 40, 20, 34);
    }
    for dot in [50, 66] {
        for y in dot..dot + 8 {
            ink.set(y, 184, 192, true);
        }
    }
    let strips = found(&ink);
    assert_eq!(strips.len(), 1);
    assert_eq!(strips[0].pieces.len(), 7);
}
