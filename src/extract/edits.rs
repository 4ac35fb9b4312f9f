//! The edit distance of one word to many: as bits of one number, a column at a
//! time (G. Myers, 1999, in the form of H. Hyyrö, 2003). A page has some two
//! hundred words of its own and the lexicon thousands.

/// The longest word whose columns fit.
const MOST_LETTERS: usize = 64;

/// A word prepared for comparison.
#[derive(Debug)]
pub struct Edits<'w> {
    word: &'w str,
    /// By ASCII letter, the places in the word where it stands.
    places: Option<Box<[u64; 128]>>,
}

impl<'w> Edits<'w> {
    /// Prepares a word.
    pub fn of(word: &'w str) -> Self {
        let fits = word.is_ascii() && (1..=MOST_LETTERS).contains(&word.len());
        let places = fits.then(|| {
            let mut places = Box::new([0; 128]);
            for (at, letter) in word.bytes().enumerate() {
                places[usize::from(letter)] |= 1 << at;
            }
            places
        });
        Self { word, places }
    }

    /// Letters to be put in, taken out or replaced to make the other word of it.
    pub fn to(&self, other: &str) -> usize {
        let Some(places) = self.places.as_ref().filter(|_| other.is_ascii()) else {
            return strsim::levenshtein(self.word, other);
        };
        let last = 1_u64 << (self.word.len() - 1);
        let (mut more, mut less) = (u64::MAX, 0_u64);
        let mut distance = self.word.len();
        for letter in other.bytes() {
            let same = places[usize::from(letter)];
            let across = (((same & more).wrapping_add(more)) ^ more) | same | less;
            let (up, down) = (less | !(across | more), more & across);
            distance += usize::from(up & last != 0);
            distance -= usize::from(down & last != 0);
            let (up, down) = (up << 1 | 1, down << 1);
            more = down | !(across | up);
            less = up & across;
        }
        distance
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn damaged_words_are_as_far_as_they_are_damaged() {
        for (word, other, edits) in [
            ("discharge", "discharge", 0),
            ("discharge", "dlscharce", 2),
            ("pending", "pendlnng", 2),
            ("a", "", 1),
            ("", "abc", 3),
            ("résumé", "resume", 2),
        ] {
            assert_eq!(Edits::of(word).to(other), edits, "{word} {other}");
        }
    }

    proptest! {
        #[test]
        fn it_is_the_distance_of_the_table(word in "[a-d]{0,70}", other in "[a-d]{0,70}") {
            prop_assert_eq!(Edits::of(&word).to(&other), strsim::levenshtein(&word, &other));
        }
    }
}
