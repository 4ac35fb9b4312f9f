//! The line reader with a net in which nothing is learnt, so that what must
//! come out is known: ink in the upper rows is an `a`, in the lower rows a
//! `b`, in the middle a blank (`models/ocr/train/tiny.py`).

use image::{GrayImage, Luma};

use super::*;
use crate::vocab::Sha256Digest;

const TINY: &[u8] = include_bytes!("tiny.onnx");

pub fn tiny_card() -> Card {
    Card {
        file: "tiny.onnx".into(),
        sha256: Sha256Digest::of(TINY),
        bytes: TINY.len() as u64,
        alphabet: " ab".into(),
        height: 32,
        step: 3,
        width_multiple: 12,
        calibration: Vec::new(),
        figures: toml::Table::new(),
    }
}

fn reader() -> Reader {
    Reader::new(TINY, &tiny_card()).unwrap()
}

/// A letter is three pixels of ink after six of paper.
fn strip(text: &str) -> GrayImage {
    let width = 9 * text.len() as u32 + 6;
    let mut strip = GrayImage::from_pixel(width, 32, Luma([255]));
    for (i, letter) in text.bytes().enumerate() {
        let rows = match letter {
            b'a' => 0..12,
            b'b' => 20..32,
            _ => 14..18,
        };
        for y in rows {
            for x in 0..3 {
                strip.put_pixel(9 * i as u32 + 6 + x, y, Luma([0]));
            }
        }
    }
    strip
}

fn texts(strip: &ReadStrip) -> Vec<&str> {
    strip.words.iter().map(|word| word.text.as_str()).collect()
}

#[test]
fn words_are_read_where_they_stand() {
    let read = reader().read(&[strip("ab bba")], "");
    assert_eq!(texts(&read[0]), ["ab", "bba"]);
    let [ab, bba] = &read[0].words[..] else { unreachable!() };
    assert_eq!((ab.x.clone(), bba.x.clone()), (6.0..18.0, 33.0..54.0));
    assert_eq!(ab.characters[0].x, 6.0..12.0);
    assert!(ab.confidence > 0.9 && ab.characters[0].confidence > 0.9, "{ab:?}");
}

#[test]
fn answers_come_in_the_order_of_the_strips_however_they_are_batched() {
    let long = "ab".repeat(300);
    let words = ["a", &long, "", "bb", "a b", &long, "abababab", "b"];
    let strips: Vec<GrayImage> = words.iter().map(|word| strip(word)).collect();
    let read = reader().read(&strips, "");
    for (word, read) in words.iter().zip(&read) {
        assert_eq!(texts(read), word.split_whitespace().collect::<Vec<_>>());
    }
    let reader = reader();
    let batches = reader.batches(&strips);
    for batch in &batches {
        let pixels: usize =
            batch.iter().map(|i| reader.net.padded(strips[*i].width() as usize)).sum();
        assert!(batch.len() == 1 || pixels <= BATCH_PIXELS, "{batch:?}");
    }
    assert!(batches.iter().any(|batch| batch.len() > 1));
}

#[test]
fn paper_and_nothing_have_no_words() {
    let strips = [GrayImage::from_pixel(50, 32, Luma([255])), GrayImage::new(0, 32)];
    assert_eq!(reader().read(&strips, ""), [ReadStrip::default(), ReadStrip::default()]);
}

#[test]
fn an_alphabet_forces_the_text_and_leaves_the_doubt() {
    let read = reader().read(&[strip("ab a")], "b");
    assert_eq!(texts(&read[0]), ["bb", "b"]);
    let characters = &read[0].words[0].characters;
    assert!(characters[0].confidence < 0.1 && characters[1].confidence > 0.9, "{characters:?}");
    assert!(read[0].words[0].confidence < 0.1);
}

#[test]
fn the_card_says_how_sure_a_word_is() {
    let card = Card { calibration: vec![(0.0, 0.1), (1.0, 0.7)], ..tiny_card() };
    let read = Reader::new(TINY, &card).unwrap().read(&[strip("ab")], "");
    let confidence = read[0].words[0].confidence;
    assert!((0.6..0.7).contains(&confidence), "{confidence}");
}

#[test]
fn weights_that_do_not_go_with_the_card_are_refused() {
    let refused = |model: &[u8], card: &Card| match Reader::new(model, card) {
        Err(FaxError::Weights(why)) => why,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("accepted"),
    };
    refused(b"no model", &tiny_card());
    refused(&TINY[..TINY.len() / 2], &tiny_card());
    refused(TINY, &Card { alphabet: " abc".into(), ..tiny_card() });
    refused(TINY, &Card { height: 48, ..tiny_card() });
    refused(TINY, &Card { step: 4, ..tiny_card() });
}

#[test]
fn blanks_part_words_and_a_box_stands_alone() {
    let (blank, empty_box) = (1, 9);
    let seen = |class, start| Seen { class, columns: start..start + 1 };
    let path = [seen(empty_box, 2), seen(5, 4), seen(6, 6), seen(blank, 8), seen(7, 9)];
    let parted = parted(&path, 12, blank, &[empty_box]);
    assert_eq!(parted, [0..0, 0..3, 3..8, 9..12]);
    let path = [seen(5, 2), seen(blank, 6), seen(empty_box, 12), seen(blank, 18), seen(5, 20)];
    assert_eq!(super::parted(&path, 24, blank, &[empty_box]), [0..6, 7..7, 7..18, 18..18, 19..24]);
}
