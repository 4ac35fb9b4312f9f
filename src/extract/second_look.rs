//! A second look at a place on a page: what is asked, what was answered.

use super::paper::Paper;
use crate::vocab::{Alphabet, Answer, Confidence, Evidence, LISTED, Question};

/// The confidence from which on all readings of a place agreed: two of three
/// are worth four fifths at most.
pub const UNANIMOUS: f32 = 0.82;

/// Just short of being listed: what a contradicted value falls to.
pub fn below_listed(confidence: Confidence) -> Confidence {
    confidence.min(Confidence::new(LISTED.get() - 0.01)).and(Confidence::new(0.8))
}

/// The question to read a piece of evidence again; `None` for metadata.
pub fn question(evidence: &Evidence, alphabet: Alphabet) -> Option<Question> {
    // A margin of a third of a character keeps the edges of strokes.
    let bbox = evidence.bbox?.grown(0.004, 0.002);
    Some(Question { page: evidence.page?, bbox, alphabet })
}

impl Paper<'_> {
    /// What a second look at this region saw.
    pub fn answer_to(&self, question: &Question) -> Option<&Answer> {
        let near = |a: f32, b: f32| (a - b).abs() < 0.002;
        self.answers.iter().find(|answer| {
            let (a, b) = (answer.question.bbox, question.bbox);
            answer.question.page == question.page
                && answer.question.alphabet == question.alphabet
                && near(a.x0(), b.x0())
                && near(a.x1(), b.x1())
                && near(a.y0(), b.y0())
                && near(a.y1(), b.y1())
        })
    }
}
