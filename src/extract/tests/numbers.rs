//! Provider numbers: labels, roles, checks, masking.

use super::build::{Drawn, RECEIVED, cover, extract, extract_with, page};
use crate::extract::findings::{Extracted, Role};
use crate::receive::received::Context;
use crate::vocab::{Answer, Confidence, Phi};

fn npis(found: &Extracted) -> Vec<(String, Role)> {
    found.findings.npi.iter().map(|n| (n.value.to_string(), n.role)).collect()
}

fn tins(found: &Extracted) -> Vec<(String, Role)> {
    found.findings.tin.iter().map(|n| (n.value.to_string(), n.role)).collect()
}

fn has_note(found: &Extracted, code: &str) -> bool {
    found.notes.iter().any(|n| n.code == code)
}

fn one_line(line: &str) -> Extracted {
    extract(&[page(line)])
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
fn a_column_whose_header_was_not_read_lends_its_values_to_nobody() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM
SUPPLIER
Name                                              Tax ID
Lakeside Home Medical         2000000002          47-1234567
";
    let found = extract(&[page(form)]);
    assert_eq!(tins(&found), [("471234567".to_owned(), Role::Rendering)]);
    assert!(npis(&found).is_empty(), "a number without a label is none");
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

fn form() -> Drawn {
    page(
        "
                    PRECERTIFICATION REQUEST FORM

ORDERING PROVIDER INFORMATION
Name: Jane Roe, MD                            NPI: 2000000101
Tax ID: 47-1234567                            Phone: (212) 555-0101
Fax: 212-555-0102

SERVICING PROVIDER INFORMATION
Name: Lakeside HME                            NPI: 2000000200
Tax ID: 20-7654321                            Phone: (212) 555-0103
Fax: 212-555-0104
Address: 12 Harbor Road, Springfield, IL 62701
",
    )
}

#[test]
fn headings_bind_roles() {
    let found = extract(&[form()]);
    assert_eq!(
        npis(&found),
        [("2000000101".into(), Role::Ordering), ("2000000200".into(), Role::Rendering)]
    );
    assert_eq!(
        tins(&found),
        [("471234567".into(), Role::Ordering), ("207654321".into(), Role::Rendering)]
    );
    let ordering = &found.findings.providers[0];
    let value = |f: &Option<crate::extract::findings::Field>| {
        f.as_ref().map(|f| f.value.expose().clone()).unwrap_or_default()
    };
    assert_eq!(value(&ordering.name), "Jane Roe");
    assert_eq!(value(&ordering.phone), "+12125550101");
    assert_eq!(value(&ordering.fax), "+12125550102");
    let rendering = &found.findings.providers[1];
    assert_eq!(value(&rendering.name), "Lakeside HME");
    assert_eq!(value(&rendering.fax), "+12125550104");
    assert!(value(&rendering.address).contains("12 Harbor Road"));
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
fn a_table_with_a_column_for_each_party() {
    let form = "
PRECERTIFICATION WORKSHEET

Who orders, who provides
                  Requesting MD/DO/NP             PDN agency
Name              Jane Roe, MD                    Lakeside Home Health Agency
NPI               1234567893                      2000000002
Tax ID            371-05-6062                     45-6697510
";
    let found = extract(&[page(form)]);
    let expected =
        [("*****6062".to_owned(), Role::Ordering), ("456697510".to_owned(), Role::Rendering)];
    assert_eq!(tins(&found), expected);
}

#[test]
fn two_columns_side_by_side() {
    let found = extract(&[page(
        "
                    PRECERTIFICATION REQUEST FORM

ORDERING PHYSICIAN                            DME SUPPLIER
Name: Jane Roe, MD                            Name: Lakeside HME
NPI: 2000000101                               NPI: 2000000200
Tax ID: 47-1234567                            TIN: 20-7654321
",
    )]);
    assert_eq!(
        npis(&found),
        [("2000000101".into(), Role::Ordering), ("2000000200".into(), Role::Rendering)]
    );
    assert_eq!(
        tins(&found),
        [("471234567".into(), Role::Ordering), ("207654321".into(), Role::Rendering)]
    );
}

#[test]
fn labels_above_their_values() {
    let found = extract(&[page(
        "
                    PRECERTIFICATION REQUEST FORM

Ordering Provider Name          NPI                 Tax ID
Jane Roe, MD                    2000000101          47-1234567

Servicing Provider Name         NPI                 Tax ID
Lakeside HME                    2000000200          20-7654321
",
    )]);
    assert_eq!(
        npis(&found),
        [("2000000101".into(), Role::Ordering), ("2000000200".into(), Role::Rendering)]
    );
    assert_eq!(
        tins(&found),
        [("471234567".into(), Role::Ordering), ("207654321".into(), Role::Rendering)]
    );
}

#[test]
fn a_grid_with_row_headers() {
    let found = extract(&[page(
        "
                    PRECERTIFICATION REQUEST FORM

Role                 Name                 NPI                Tax ID
Ordering             Jane Roe, MD         2000000101         47-1234567
Servicing            Lakeside HME         2000000200         20-7654321
Facility             Mercy Hospital       2000000309         30-1112223
",
    )]);
    assert_eq!(
        npis(&found),
        [
            ("2000000101".into(), Role::Ordering),
            ("2000000200".into(), Role::Rendering),
            ("2000000309".into(), Role::Facility)
        ]
    );
}

#[test]
fn inline_labels_with_roles() {
    let found = extract(&[page(
        "
Referring physician NPI: 2000000101   Supplier NPI: 2000000200
Hospital NPI: 2000000309",
    )]);
    assert_eq!(
        npis(&found),
        [
            ("2000000101".into(), Role::Ordering),
            ("2000000200".into(), Role::Rendering),
            ("2000000309".into(), Role::Facility)
        ]
    );
}

#[test]
fn a_badly_read_number_is_noted_and_not_listed() {
    let found = extract(&[page("Ordering NPI: 1234567893").read_as_well_as(0.05)]);
    assert!(found.findings.npi.is_empty());
    assert!(has_note(&found, "npi.doubtful"));
    assert!(!format!("{:?}", found.notes).contains("1234567893"));
}

#[test]
fn a_facility_beside_its_label() {
    for (line, name) in [
        ("Facility: Good Harbor Medical Center Admitted: 03/01/2026", "Good Harbor Medical Center"),
        ("Facility: County Memorial Hospital   Admitted: 03/01/2026", "County Memorial Hospital"),
        ("Hospital: University Hospital of the Plains", "University Hospital of the Plains"),
    ] {
        let found = one_line(&format!("PRIOR AUTHORIZATION REQUEST FORM\n\n{line}"));
        let facility = found.findings.providers.iter().find(|p| p.role == Role::Facility);
        let seen = facility.and_then(|p| p.name.as_ref()).map(|f| f.value.expose().as_str());
        assert_eq!(seen, Some(name), "{line}");
    }
}

/// A request form whose second heading was lost to the fax.
const UNHEADED: &str = "
            PRIOR AUTHORIZATION REQUEST FORM

ORDERING PHYSICIAN
Name                        NPI                 TIN
Jane Roe, MD                2000000002          47-1234567
Phone                       Fax
212-555-0105                212-555-0106
SFCT ON su PPI tFR
Name                        NPI                 TIN
Lakeside Home Medical       1234567893          22-1234567
Phone                       Fax
212-555-0107                212-555-0108
";

#[test]
fn a_block_without_its_heading_belongs_to_whoever_is_named_in_it() {
    let found = extract(&[page(UNHEADED)]);
    assert_eq!(
        npis(&found),
        [("2000000002".into(), Role::Ordering), ("1234567893".into(), Role::Rendering)]
    );
    assert_eq!(
        tins(&found),
        [("471234567".into(), Role::Ordering), ("221234567".into(), Role::Rendering)]
    );
    // Nobody who supplies is named: the numbers are nobody's, not the
    // physician's.
    let nameless = UNHEADED.replace("Lakeside Home Medical", "Xqz vwr tlm          ");
    let found = extract(&[page(&nameless)]);
    assert!(npis(&found).contains(&("1234567893".into(), Role::Unknown)), "{:?}", npis(&found));
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

#[test]
fn two_unheaded_blocks_side_by_side_under_the_patient() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM

Name: Sample, Edith              Birth date: 3/1/1958
Member ID: U1234567801           Plan: Commercial
Tad ede alg                      Tire Talal mole
Name      Jane Roe, NP           Name      Meadowlark Home Care Inc
NPI       2000000002             NPI       1234567893
Tax ID    22-1420457             Tax ID    36-7073391
";
    let found = extract(&[page(form)]);
    assert_eq!(
        tins(&found),
        [("221420457".into(), Role::Ordering), ("367073391".into(), Role::Rendering)]
    );
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

/// The smallest print of a form wears away first.
#[test]
fn an_npi_under_a_worn_label_is_found() {
    let found = extract(&[page(
        "
HOME CARE PLAN OF TREATMENT

6. Agency                      7. Agency NP
Willowbrook Home Health        2018860207
",
    )]);
    assert_eq!(npis(&found).len(), 1);
    let credential = extract(&[page("Jane Roe, NP\n2018860207")]);
    assert!(npis(&credential).is_empty());
}

#[test]
fn a_worn_label_counts_where_it_touches_a_number_that_passes() {
    for line in [
        "Beatrice Sandoval, MD (prescriber)   2023091467 (NPD",
        "Beatrice Sandoval, MD (prescriber)   2023091467 INPD",
        "2123940407 (NPE   20-3370417 (TIN FIX]",
        "The service is given by Lakeshore Sleep Diagnostics (NP) 2021653011",
        "Facility WPI: 2704007758",
        "Nat'l ID (NP1)   2802547192",
    ] {
        let found = npis(&one_line(line));
        assert_eq!(found.len(), 1, "{line}");
    }
    for line in [
        "Jane Roe, NP 2021653011",
        "Jane Roe, NP   2021653011",
        "2021653011 home",
        "Order (NPD) 2021653012",
        "Fax 2021653011 (MD)",
    ] {
        assert_eq!(npis(&one_line(line)), [], "{line}");
    }
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
    // A bar is no one: nothing is made of eight digits.
    let short = form.replace("|3|1|9|3|5|3|3|9|7|", "|3|1|9|3|5|3|3|9|");
    assert_eq!(tins(&extract(&[page(&short)])), []);
}

#[test]
fn a_tax_id_in_the_line_of_an_npi_needs_a_word_of_its_label() {
    let form = |between: &str| {
        page(&format!(
            "
            PRIOR AUTHORIZATION REQUEST FORM
Ordering physician
NPI        2219490838                         {between}      26-1930736
"
        ))
    };
    assert_eq!(tins(&extract(&[form("Tax   number")])).len(), 1);
    assert_eq!(tins(&extract(&[form("Group   number")])), []);
}

#[test]
fn a_number_whose_label_was_lost_is_told_by_its_column() {
    let form = |second: &str, labels: &str| {
        format!(
            "
            PRIOR AUTHORIZATION REQUEST FORM
Physician who orders
Dunmore, Silas DO             2000000002          62-2683494
Name                          NPI                 Federal tax ID
449 Terry Street, Milltown
Office address
Supplier of the equipment
Northgate Medical Supply Co   {second}
{labels}
"
        )
    };
    let worn = "Nane                          UPT¿                Cederal¿ tas¿ 1D";
    let found = extract(&[page(&form("1234567893          41-5942296", worn))]);
    assert_eq!(found.findings.npi[1].value.as_str(), "1234567893");
    assert_eq!(found.findings.tin[1].value.as_str(), "415942296");
    // A tax id stands in its column though the number before it fails its check.
    let found = extract(&[page(&form("1234567890          41-5942296", worn))]);
    assert_eq!((npis(&found).len(), tins(&found).len()), (1, 2));
    // Under the label of something else, or out of the columns, it is none.
    let phone = "Name                          Phone               Account";
    let found = extract(&[page(&form("1234567893          4159422", phone))]);
    assert_eq!(npis(&found).len(), 1);
    let found = extract(&[page(&form("    1234567893      Account 44", "    none"))]);
    assert_eq!(npis(&found).len(), 1);
}

#[test]
fn before_a_tax_id_a_number_under_a_worn_label_is_an_npi() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM
REQUESTED BY
Thistlewood, Percival NP
1234567893        47-1743477
";
    // Nothing says what it is.
    assert!(npis(&extract(&[page(form)])).is_empty());
    let found = extract(&[page(&format!("{form}-z49¿             P7"))]);
    assert_eq!((npis(&found).len(), tins(&found).len()), (1, 1));
}

#[test]
fn a_patients_telephone_in_the_column_of_an_npi_is_none() {
    let sheet = "
            PRIOR AUTHORIZATION REQUEST FORM
Physician NPI                 2000000002
Patient telephone             1234567893
Home phone: 1234567893        Account 44
";
    assert_eq!(npis(&extract(&[page(sheet)])).len(), 1);
}

#[test]
fn a_heading_in_the_margin_takes_two_rows() {
    let form = page(
        "
      PRIVATE DUTY NURSING AUTHORIZATION REQUEST
Case            Hospital           Good Harbor Medical Center
Servicing       Name               Meadowlark Home Care Inc
agency          NPI                2000000010
                Tel                212-555-0150
Prescribing     Name               Harriet Yarrow, MD
practitioner    NPI                2000000002
                Tel                212-555-0141
Member          Name               Underhill, Harriet",
    );
    let found = extract(&[form]);
    assert_eq!(
        npis(&found),
        [("2000000010".to_owned(), Role::Rendering), ("2000000002".to_owned(), Role::Ordering)]
    );
}

#[test]
fn two_rows_of_a_table_are_no_heading() {
    let form = page(
        "
      PRIOR AUTHORIZATION REQUEST
Provider        Last, first / company        NPI #         Tel.
Requesting      Quimby, Harriet MD           2000000002    212-555-0154
Supplier        Cornerstone DME Supply       2000000010    212-555-0146",
    );
    let found = extract(&[form]);
    assert_eq!(
        npis(&found),
        [("2000000002".to_owned(), Role::Ordering), ("2000000010".to_owned(), Role::Rendering)]
    );
}

#[test]
fn whose_number_it_is_stands_before_its_label() {
    let form = page(
        "
      OUTPATIENT SERVICE REQUEST
Ordering practitioner    Practitioner            Jasper Quimby, MD
                         Practitioner NPI        2000000002
                         Practice fax            212-555-0148
Goods come from          Company                 Summit Rehab Equipment
                         Company NPI             2000000010
                         Company fax             212-555-0111",
    );
    let found = extract(&[form]);
    assert_eq!(
        npis(&found),
        [("2000000002".to_owned(), Role::Ordering), ("2000000010".to_owned(), Role::Rendering)]
    );
}

#[test]
fn a_number_of_a_section_that_was_misread_leads_its_heading() {
    let form = page(
        "
      DMEPOS PRIOR APPROVAL REQUEST
II. EQUIPMENT COMPANY
Name Bluebird Home Health Equipment          NPI 2000000010
Int.¿ PHYSICIAN OR PRACTITIONER
Name Kingsley, Norbert NP                    NPI 2000000002
Tel. 215-555-0103                            Fax 215-555-0104",
    );
    let found = extract(&[form]);
    let ordering = found.findings.providers.iter().find(|p| p.role == Role::Ordering).unwrap();
    assert_eq!(ordering.phone.as_ref().unwrap().value.expose(), "+12155550103");
}

#[test]
fn a_company_whose_name_is_a_label_has_numbers_too() {
    let text = "
            PRIOR AUTHORIZATION REQUEST FORM
SECTION 3 - SUPPLIER OR AGENCY
Name                                NP¿                TN¿
Bluebird Home Health Equipment      2337602959         47-8753856
Place of service: 12 Home           Procedure code: E0260";
    let found = extract(&[page(text)]).findings;
    let npis: Vec<_> = found.npi.iter().map(|n| (n.value.as_str(), n.role)).collect();
    assert_eq!(npis, [("2337602959", Role::Rendering)]);
    let tins: Vec<_> = found.tin.iter().map(|n| (n.value.as_str(), n.role)).collect();
    assert_eq!(tins, [("478753856", Role::Rendering)]);
}

#[test]
fn short_labels_that_lost_a_letter_or_a_bracket() {
    let colons = "
            PRIOR AUTHORIZATION REQUEST FORM
Rendering provider: Lakeside Home Medical     NP : 2991760937
Contact: Greta Jessop                         TI: 36-4306498
Place of service: 12 Home           Procedure code: E0260";
    let brackets = "
            PRIOR AUTHORIZATION REQUEST FORM
TriCounty Medical Equipment LLC   ivendor)
2991760937 (NPI)                  36-4306498 (TN/BIN)
(214) 555-0167 tphone)            (214) 555-0168 (tax)
Place of service: 12 Home           Procedure code: E0260";
    for form in [colons, brackets] {
        let found = extract(&[page(form)]);
        assert_eq!(npis(&found), [("2991760937".to_owned(), Role::Rendering)], "{form}");
        assert_eq!(tins(&found), [("364306498".to_owned(), Role::Rendering)], "{form}");
    }
    let supplier = &extract(&[page(brackets)]).findings.providers[0];
    let digits = |field: &Option<crate::extract::findings::Field>| {
        field.as_ref().map(|f| f.value.expose().clone())
    };
    assert_eq!(digits(&supplier.phone).as_deref(), Some("+12145550167"));
    assert_eq!(digits(&supplier.fax).as_deref(), Some("+12145550168"));
    // A practitioner, and a bracket that was closed on its own.
    assert!(npis(&one_line("Jane Roe, NP 1234567893")).is_empty());
    assert_eq!(npis(&one_line("(national provider identifier) 1234567893")).len(), 1);
}

#[test]
fn who_is_left_supplies() {
    let form = |right: &str, further: &str| {
        page(&format!(
            "
            PRIOR AUTHORIZATION REQUEST FORM
Patient: Nakamura, Greta                     Birth date: April 9, 1941

Name    Clement Kingsley, NP                 Name    {right}
NPI     2539147928                           NPI     2491285815
Tax ID  54-1585426                           Tax ID  54-5029287
Phone   1-612-555-0167                       Phone   1-305-555-0139
{further}
Place of service: 12 Home           Procedure code: E0260"
        ))
    };
    let found = extract(&[form("Cornerstone DME Supply", "")]);
    let expected =
        [("2539147928".to_owned(), Role::Ordering), ("2491285815".to_owned(), Role::Rendering)];
    assert_eq!(npis(&found), expected);
    let supplier = found.findings.providers.iter().find(|p| p.role == Role::Rendering);
    assert!(supplier.is_some_and(|p| p.tin.is_some() && p.phone.is_some()));
    // Two prescribers, and a form that says elsewhere who supplies.
    let role = |drawn: Drawn| {
        let found = extract(&[drawn]);
        npis(&found).into_iter().find(|(npi, _)| npi == "2491285815").map(|(_, role)| role)
    };
    assert_eq!(role(form("Jane Roe, MD", "")), Some(Role::Ordering));
    assert_eq!(role(form("Cornerstone", "Supplier: Lakeside Medical")), Some(Role::Unknown));
}

#[test]
fn a_tax_id_belongs_to_whoever_has_the_npi_beside_it() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM
10 Practice location            11 Phone           12 Fax
   1920 Willow Court, VA 22236     703-555-0132       703-555-0133
13 Outfit                       14 NPI             15 TIN / EIN
   Evergreen Oxygen                1234567893         47-7449729
Place of service: 12 Home           Procedure code: E0260";
    let supplier = "
          PRICE QUOTE
Lakeside Home Medical
Supplier NPI: 1234567893";
    let found = extract(&[page(form), page(supplier)]);
    assert_eq!(npis(&found), [("1234567893".to_owned(), Role::Rendering)]);
    assert_eq!(tins(&found), [("477449729".to_owned(), Role::Rendering)]);
}

#[test]
fn a_column_of_numbers_ends_where_another_block_begins() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM
ORDERING PROVIDER
Name                        NPI                 TIN
Leopold Lindqvist, MD       2000000002          13-8427847
Phone                       Fax                 Contact person
703-555-0158                703-555-0159        Percival Larkspur
SECTION 3 SUPPLIER OR AGENCY
Name                        NP1                 LIN
Beacon Mobility             1234567893          36-3219597
Place of service: 12 Home           Procedure code: E0260";
    let found = extract(&[page(form)]);
    let expected =
        [("138427847".to_owned(), Role::Ordering), ("363219597".to_owned(), Role::Rendering)];
    assert_eq!(tins(&found), expected);
}

#[test]
fn a_question_is_a_heading() {
    let form = "
            REQUEST FOR PRE-SERVICE REVIEW
3. Who is the ordering doctor?
   Name: Horace Larkspur, NP        NPI: 2000000002        EIN: 11-2758143
4. Which company will supply it?
   Name: Lakeside Home Medical      NPI: 1234567893        EIN: 26-6066447
Place of service: 12 Home           Procedure code: E0260";
    let found = extract(&[page(form)]);
    let expected =
        [("112758143".to_owned(), Role::Ordering), ("266066447".to_owned(), Role::Rendering)];
    assert_eq!(tins(&found), expected);
}

#[test]
fn labels_with_numbers_before_them_tell_where_values_stand() {
    let plan = "
        HH PLAN OF CARE AND CERTIFICATION

4 Patient                              5 Date of birth              6 Sex
  Fairbrook, Opal                        12/11/1987                   F
7 Home health provider                               8 Provider NPI
  Guiding Light Home Health                            2482031764
9 Provider address                                   10 Provider telephone
  1102 Orchard Way, Maple Grove, MN 55491               612/555-0132, fax 612/555-0133
";
    let found = extract(&[page(plan)]).findings;
    let agency = found.providers.iter().find(|p| p.role == Role::Rendering).unwrap();
    let npi = agency.npi.as_ref().map(|f| f.value.expose().as_str());
    let phone = agency.phone.as_ref().map(|f| f.value.expose().as_str());
    assert_eq!((npi, phone), (Some("2482031764"), Some("+16125550132")));
}

#[test]
fn a_label_that_sank_below_its_row_parts_nothing() {
    let plan = "
        HOME HEALTH CERTIFICATION AND PLAN OF CARE

Provider name                    Address
Meadowlark Home Care Inc         2132 Willow Court, Milltown, NJ 08821
Provider NPI                                          Fax
                    Telephone
2717401063                                            732.555.0157
";
    assert_eq!(npis(&extract(&[page(plan)])), [("2717401063".to_owned(), Role::Rendering)]);
}

#[test]
fn a_box_is_headed_by_all_that_it_holds() {
    let form = "
            REQUEST FOR DMEPOS PRIOR AUTHORIZATION
BENEFICIARY NAME, ADDRESS AND INSURANCE      SUPPLIER NAME, ADDRESS, TELEPHONE AND NPI
Ironside, Isidore                            Beacon Mobility and Respiratory
1680 Main Street                             524 Harbor Avenue
Fairview, PA 19156-9438                      Pinehurst, NC 28221
Telephone (215) 555-0118                     Telephone (704) 555-0181
Insurance no. U71017150-01                   NPI 2192377754
DOB 06/30/65   Sex M                         Tax ID (TIN) 45-3599949";
    let found = extract(&[page(form)]);
    assert_eq!(npis(&found), [("2192377754".to_owned(), Role::Rendering)]);
    assert_eq!(tins(&found), [("453599949".to_owned(), Role::Rendering)]);
}

#[test]
fn a_consulting_specialist_is_in_no_role() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM
Ordering physician: Jane Roe, MD      NPI: 2000000002
Consulting specialist: Lorna Pemberton, MD (NPI 1234567893)
Place of service: 12 Home           Procedure code: E0260";
    let expected =
        [("2000000002".to_owned(), Role::Ordering), ("1234567893".to_owned(), Role::Unknown)];
    assert_eq!(npis(&extract(&[page(form)])), expected);
}
