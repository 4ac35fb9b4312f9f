//! Numbers whose label was worn or lost, and what tells them all the same.

use super::build::{extract, npis, one_line, page, tins};
use crate::extract::findings::{Field, Role};

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

/// Beside somebody who orders or supplies a worn label is enough; the label beneath
/// belongs to the next row.
#[test]
fn behind_a_providers_name_a_number_under_a_worn_label_is_an_npi() {
    let form = |name: &str, label: &str| {
        format!(
            "
            PRIOR AUTHORIZATION REQUEST FORM
7 Who orders                   {label}
{name}         2000000002
10 Office address              11 Telephone
12 Mill Lane, Lakeside         (212) 555-0105
"
        )
    };
    let found = |name: &str, label: &str| npis(&extract(&[page(&form(name, label))])).len();
    assert_eq!(found("Noreen Hartwell, DO   ", "N°¿"), 1);
    assert_eq!(found("Lakeside Home Medical ", "NPlLi9orest¿"), 1);
    assert_eq!(found("Noreen Hartwell       ", "N°¿"), 0);
    assert_eq!(found("Noreen Hartwell, DO   ", "Group no."), 0);
}

/// Right beside an NPI: two digits and seven, or nine under something unreadable.
#[test]
fn a_tax_id_beside_an_npi_may_have_lost_its_hyphen_or_its_label() {
    let form = |number: &str, label: &str| {
        format!(
            "
            PRIOR AUTHORIZATION REQUEST FORM
Supplier                      NPI                 {label}
Lakeside Home Medical         2000000002          {number}
"
        )
    };
    let found = |number: &str, label: &str| tins(&extract(&[page(&form(number, label))]));
    let expected = [("581780674".to_owned(), Role::Rendering)];
    assert_eq!(found("58 1780674", "Fede¿"), expected);
    assert_eq!(found("581780674", "N41IDC¿"), expected);
    assert_eq!(found("581780674", "Account"), []);
    assert_eq!(found("58 178067", "Fede¿"), []);
}

/// `(TIN` that lost the end of its bracket, behind nine digits; `Company Ti` before
/// them; `INP` for `(NPI`; a person's number over `tax ID (1IN)`.
#[test]
fn brackets_and_parties_beside_worn_labels() {
    let tin = |line: &str| {
        let found = extract(&[page(&format!("PRIOR AUTHORIZATION REQUEST FORM\n\n{line}"))]);
        tins(&found).into_iter().map(|(tin, _)| tin).collect::<Vec<_>>()
    };
    assert_eq!(tin("Jane Roe, MD (prescriber)\n522449632 (TIN FIN:"), ["522449632"]);
    assert_eq!(tin("Company Ti 823021545"), ["823021545"]);
    assert_eq!(tin("522449632 (ref"), [""; 0]);
    assert_eq!(npis(&one_line("of Pine Street Clinic INP 2910639378, TN")).len(), 1);
    let beneath = "
            PRIOR AUTHORIZATION REQUEST FORM
PART B. ORDERING CLINICIAN
Bertrand Oakhurst, MD         2410889069          132-10-0889
ordering clinician's name     NPI                 tax ID (1IN)
PART C. SUPPLIER OF EQUIPMENT
Harborview HME Inc            2422820367          11-1555492
supplier's name               NPI                 tax ID (TIN)
";
    let found: Vec<String> = tins(&extract(&[page(beneath)])).into_iter().map(|t| t.0).collect();
    assert_eq!(found, ["*****0889", "111555492"]);
}

/// A colon is two dots, or one stroke on a bad day.
#[test]
fn a_colon_may_be_read_as_a_stroke_and_a_label_run_into_its_number() {
    let form = |line: &str| {
        page(&format!(
            "
            PRIOR AUTHORIZATION REQUEST FORM
III. PRESCRIBING PRACTITIONER
Name Mabel Larkspur, MD     NPI 2000000002
{line}
"
        ))
    };
    assert_eq!(tins(&extract(&[form("Fed. tax nol 52-7061666")])).len(), 1);
    assert_eq!(tins(&extract(&[form("Fed. tax novel 52-7061666")])), []);
    let fax = |line: &str| {
        let found = extract(&[form(line)]);
        let orders = found.findings.providers.into_iter().find(|p| p.role == Role::Ordering);
        orders.and_then(|p| p.fax).map(|fax| fax.value.expose().clone())
    };
    assert_eq!(fax("Fax303.555.0185").as_deref(), Some("+13035550185"));
    assert_eq!(fax("Room303.555.0185"), None);
}

#[test]
fn telephone_and_fax_whose_labels_behind_them_are_worn() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM

Fiona Galloway, MD (prescriber)
2913278547 (NPI)                62-8324760 (TIN)
(203)555-0168 ihaner (203)555-0169 dax)
2468 Prospect Drive, Ashford, CT 06224
";
    let found = extract(&[page(form)]);
    let orders = found.findings.providers.iter().find(|p| p.role == Role::Ordering).unwrap();
    let number = |field: &Option<Field>| field.as_ref().map(|f| f.value.expose().clone());
    assert_eq!(number(&orders.phone).as_deref(), Some("+12035550168"));
    assert_eq!(number(&orders.fax).as_deref(), Some("+12035550169"));
}

#[test]
fn a_speck_between_a_label_and_its_number() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM
Equipment    Name Harborview HME Inc
provider     NPI'2132469059               Federal tax ID 13-9997643
";
    assert_eq!(npis(&extract(&[page(form)])).len(), 1);
}
