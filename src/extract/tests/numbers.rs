//! Provider numbers: labels, checks, masking.

use super::build::{RECEIVED, cover, extract, extract_with, npis, one_line, page, tins};
use crate::extract::findings::{Extracted, Role};
use crate::receive::received::Context;
use crate::vocab::{Answer, Confidence, Phi};

fn has_note(found: &Extracted, code: &str) -> bool {
    found.notes.iter().any(|n| n.code == code)
}

#[test]
fn npi_examples() {
    for (line, expected) in [
        ("NPI: 1234567893", Some("1234567893")),
        ("NPI:1234567893", Some("1234567893")),
        ("NPI# 1234567893", Some("1234567893")),
        ("National Provider Identifier   1234567893", Some("1234567893")),
        ("NPI: l2345678q3", Some("1234567893")),
        ("NPI: 123 456 7893", Some("1234567893")),
        ("NPI: 1234567890", None),
        ("NPI: 9941339100", None),
        ("Fax: 2125550105", None),
        ("NPI: ________   Fax: 2125550105", None),
        ("NPI: 212-555-0105", None),
        ("NPI: 2000000002", Some("2000000002")),
        ("Account: 1234567893", None),
        ("1234567893", None),
        ("To: 866-663-7740", None),
        ("MD, NPI   phone 1-313-555-0 82. fax 1 313-555-0183", None),
    ] {
        let found = one_line(line);
        let values: Vec<String> = npis(&found).into_iter().map(|(v, _)| v).collect();
        assert_eq!(values.first().map(String::as_str), expected, "{line}");
    }
    assert!(has_note(&one_line("NPI: 1234567890"), "npi.check_digit"));
    assert!(one_line("NPI: l2345678q3").findings.npi[0].repaired);
}

#[test]
fn tin_examples() {
    for (line, expected) in [
        ("Tax ID: 47-1234567", Some("471234567")),
        ("TIN 471234567", Some("471234567")),
        ("Federal Tax ID Number:   47 - 1234567", Some("471234567")),
        ("Tax ID: 47–1234567", Some("471234567")),
        ("TIN: 00-1234567", None),
        ("TIN: 49-1234567", None),
        ("SSN/TIN: 123-45-6789", Some("*****6789")),
        ("TIN: 912-71-1234", None),
        ("Phoenix AZ 85012-3456", None),
        ("Address: 1 Main St Phoenix AZ 85012-3456", None),
        ("47-1234567", None),
    ] {
        let found = one_line(line);
        let values: Vec<String> = tins(&found).into_iter().map(|(v, _)| v).collect();
        assert_eq!(values.first().map(String::as_str), expected, "{line}");
    }
    assert!(has_note(&one_line("TIN: 49-1234567"), "tin.prefix_unlisted"));
}

#[test]
fn a_social_security_number_is_masked_everywhere() {
    let found = extract(&[page(
        "
PRIOR AUTHORIZATION REQUEST FORM
Ordering Provider: Jane Roe MD
SSN/TIN: 123-45-6789
SSN: 987-65-4321",
    )]);
    let all = serde_json::to_string(&found).unwrap();
    assert!(all.contains("*****6789"));
    assert!(!all.contains("123-45") && !all.contains("987-65") && !all.contains("123456789"));
}

#[test]
fn two_pages_that_disagree_are_a_conflict() {
    let page_with = |npi: &str| page(&format!("Ordering Provider NPI: {npi}"));
    let found = extract(&[page_with("1909090908"), page_with("1099090908")]);
    assert_eq!(found.findings.npi.len(), 2);
    assert!(has_note(&found, "npi.conflict"));
}

#[test]
fn a_tax_id_beside_an_npi_in_the_column_of_its_label() {
    let form = "
PRIOR AUTHORIZATION REQUEST FORM

ORDERING PHYSICIAN      NPI           TAX ID
i
Jane Roe, MD            1234567893    266123531
";
    assert_eq!(tins(&extract(&[page(form)])), [("266123531".to_owned(), Role::Ordering)]);
    let unlabelled = form.replace("TAX ID", "ACCOUNT");
    assert_eq!(tins(&extract(&[page(&unlabelled)])), []);
    let personal = form.replace("TAX ID", "TIN/SSN");
    let found = extract(&[page(&personal)]);
    assert!(tins(&found).iter().all(|(value, _)| value.starts_with('*')));
}

#[test]
fn a_social_security_number_that_lost_a_hyphen_is_a_persons() {
    for line in ["Tax ID: 371-056062", "Tax ID: 37105-6062", "Tax ID: 371 056062"] {
        let found = one_line(line);
        assert_eq!(found.findings.tin[0].value.as_str(), "*****6062", "{line}");
    }
}

#[test]
fn a_badly_read_number_is_noted_and_not_listed() {
    let found = extract(&[page("Ordering NPI: 1234567893").read_as_well_as(0.05)]);
    assert!(found.findings.npi.is_empty());
    assert!(has_note(&found, "npi.doubtful"));
    assert!(!format!("{:?}", found.notes).contains("1234567893"));
}

#[test]
fn a_number_that_fails_its_check_is_believed_only_when_all_readings_agree() {
    let pages = [page("STANDARD WRITTEN ORDER\nNPI: 1234567890")];
    let first = extract(&pages);
    assert!(npis(&first).is_empty());
    let [question] = first.questions.as_slice() else { panic!("{:?}", first.questions) };
    let again = |text: &str, confidence: f32| {
        let answer = Answer {
            question: question.clone(),
            text: Phi::from(text),
            confidence: Confidence::new(confidence),
        };
        npis(&extract_with(&pages, &Context::default(), RECEIVED, &[answer]))
    };
    assert_eq!(again("1234567893", 0.95), [("1234567893".into(), Role::Ordering)]);
    assert!(again("1234567893", 0.75).is_empty(), "two of three readings");
    assert!(again("1234567890", 0.95).is_empty(), "the check still fails");
}

/// Ten bare digits of a telephone pass the check of an NPI one time in ten.
#[test]
fn a_telephone_number_is_no_npi() {
    let found = extract(&[
        cover("Call us: 212-555-0113."),
        page(
            "
PRIOR AUTHORIZATION REQUEST

Ordering provider
Name              NPI
Jane Roe, MD      2125550113
",
        ),
    ]);
    assert!(found.findings.npi.is_empty(), "{:?}", found.findings.npi);
}

/// The number at the head of a line belongs to the label over it.
#[test]
fn a_number_under_another_label_is_not_this_ones() {
    let found = extract(&[page(
        "
FACE SHEET

Lives at                             Admitting physician
596 Cedar Street, Fairview, PA       Clement Hale, MD
Telephone                            Admitting NPI
2145550192                           1234567893
",
    )]);
    let values: Vec<String> = npis(&found).into_iter().map(|(npi, _)| npi).collect();
    assert_eq!(values, ["1234567893"]);
}

/// Worn hyphens leave blanks: the number is still a person's.
#[test]
fn a_social_security_number_without_its_hyphens_is_masked() {
    let found = one_line("NPI: 1234567893   Tax ID: 512 24 2292");
    let tin = &found.findings.tin[0];
    assert_eq!(tin.value.as_str(), "*****2292");
    let shown = format!("{} {:?}", tin.raw.expose(), tin.evidence);
    assert!(!shown.contains("512"), "{shown}");
}

#[test]
fn numbers_in_combs_that_run_into_each_other_are_told_apart() {
    let form = "
        PRIOR AUTHORIZATION REQUEST FORM
Section 3. Ordering practitioner
NPI                      Tax ID             Name (last, first)
2|3|6|3|3|9|8|6|6|2| |3|1|9|3|5|3|3|9|7|    Ironside, Rosalind NP
";
    let found = extract(&[page(form)]);
    assert_eq!(npis(&found), [("2363398662".to_owned(), Role::Ordering)]);
    assert_eq!(tins(&found), [("319353397".to_owned(), Role::Ordering)]);
    let personal = form.replace("|3|1|9|3|5|3|3|9|7|", "3|1|9'-3|5|-|3|3|9|7`");
    assert_eq!(tins(&extract(&[page(&personal)])), [("*****3397".to_owned(), Role::Ordering)]);
    // Nor need its hyphens be there, where the label says that it may be a person's.
    let bare = form.replace("Tax ID ", "SSN/TIN");
    assert_eq!(tins(&extract(&[page(&bare)])), [("*****3397".to_owned(), Role::Ordering)]);
    // Worn, of the tax id not even its label is left: a bar that touches both its
    // neighbours is a one to a reader, a broken one a hyphen.
    let worn = form
        .replace(
            "2|3|6|3|3|9|8|6|6|2| |3|1|9|3|5|3|3|9|7|",
            "2 316.3'3 9.8 6 6.2 3.1 9:3-5.3 3 9.7.",
        )
        .replace("Tax ID", "7aY D ");
    let found = extract(&[page(&worn)]);
    assert_eq!(npis(&found), [("2363398662".to_owned(), Role::Ordering)]);
    assert_eq!(tins(&found), [("319353397".to_owned(), Role::Ordering)]);
    // A bar is no one: nothing is made of eight digits.
    let short = form.replace("|3|1|9|3|5|3|3|9|7|", "|3|1|9|3|5|3|3|9|");
    assert_eq!(tins(&extract(&[page(&short)])), []);
}
