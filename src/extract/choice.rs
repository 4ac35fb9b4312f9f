//! The boxes of a question: `Pending discharge? [x] Yes [ ] No`.

use super::layout::Sheet;
use super::paper::Paper;
use super::tick;
use crate::recognize::recognized::TickState;

/// `Pending Discharge? [x] Yes [ ] No`: the boxes of the choice after it.
pub fn choice_after(paper: &Paper<'_>, sheet: &Sheet<'_>, last: usize) -> Option<tick::Tick> {
    let cues = &paper.cues.pending;
    let row = sheet.cells[sheet.cell_of(last)].row;
    let cells = std::iter::once(sheet.cell_of(last))
        .chain(sheet.right_of(sheet.cell_of(last)).iter().copied())
        .take(3);
    let pieces: Vec<usize> = cells
        .flat_map(|c| sheet.cells[c].pieces.clone())
        .filter(|&p| {
            p > last
                || sheet.cells[sheet.cell_of(p)].row != row
                || sheet.cell_of(p) != sheet.cell_of(last)
        })
        .filter(|&p| !in_parentheses(sheet, last, p))
        // "Y/N:" is the question's, no answer.
        .filter(|&p| !sheet.words[sheet.pieces[p].word].text.to_lowercase().contains("y/n"))
        .take(PIECES_BEHIND)
        .collect();
    let find = |words: &[&str]| {
        pieces.iter().copied().find(|&p| words.contains(&sheet.pieces[p].folded.as_str()))
    };
    let (yes, no) = (find(&["yes", "y"]), find(&["no", "n"]));
    // Other words first: the choice is of another question.
    let nearest = yes.into_iter().chain(no).min()?;
    let before = pieces.iter().take_while(|&&p| p < nearest).count();
    // "Pending discharge from a facility? Yes No": the question goes on.
    let asks = before > 0
        && (last + 1..nearest).any(|p| {
            let (piece, text) = (&sheet.pieces[p], sheet.words[sheet.pieces[p].word].text);
            text[piece.range.end..].contains(['?', ':'])
        });
    if before > if asks { PIECES_OF_A_QUESTION } else { 2 } {
        return None;
    }
    let tick = |piece: Option<usize>| {
        piece.and_then(|p| {
            // Between the question and its answer a box is the answer's, whatever
            // label it was given.
            let own = (p == nearest && p > last).then(|| tick::between(sheet, last, p)).flatten();
            own.or_else(|| tick::beside(&paper.cues.boxes, sheet, p, p))
        })
    };
    let (yes_tick, no_tick) = (tick(yes), tick(no));
    match (yes_tick, no_tick) {
        (Some(t), _) if t.state == TickState::Ticked => Some(t),
        (_, Some(mut t)) if t.state == TickState::Ticked => {
            t.state = TickState::Empty;
            Some(t)
        }
        (Some(t), _) => Some(t),
        (None, _) if yes.is_some() && no.is_none() => {
            let word = sheet.pieces[yes?].folded.as_str();
            let evidence = sheet.quote(last, last);
            cues.affirmations
                .iter()
                .any(|a| a == word)
                .then_some(tick::Tick { state: TickState::Ticked, evidence })
        }
        // The other box was not found: which of the two it was is not known.
        (None, Some(mut t)) => {
            t.state = TickState::Unclear;
            Some(t)
        }
        // Boxes of both were lost: what was chosen is for somebody to see.
        (None, None) if yes.is_some() && no.is_some() => {
            let evidence = sheet.quote(last, nearest);
            Some(tick::Tick { state: TickState::Unclear, evidence })
        }
        (None, None) => None,
    }
}

/// Pieces behind a phrase among which its choice is looked for.
const PIECES_BEHIND: usize = 10;
/// Pieces that a question has behind the phrase, at most.
const PIECES_OF_A_QUESTION: usize = 6;

/// Whether a piece stands between parentheses that open behind another.
fn in_parentheses(sheet: &Sheet<'_>, after: usize, piece: usize) -> bool {
    let (from, to) = (sheet.pieces[after].word, sheet.pieces[piece].word);
    if to < from {
        return false;
    }
    let mut open = false;
    for word in from..=to {
        let text = sheet.words[word].text;
        let text = if word == from { &text[sheet.pieces[after].range.end..] } else { text };
        open |= text.contains('(');
        if word == to {
            return open;
        }
        open &= !text.contains(')');
    }
    false
}
