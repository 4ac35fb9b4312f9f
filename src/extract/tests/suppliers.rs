//! Who supplies: where his name begins and ends, and what is none.

use super::build::{extract, page, provider};
use crate::extract::findings::Role;

/// Below the head of the page, where a sender's own name stands.
fn supplier(form: &str) -> Option<String> {
    let head = "\n".repeat(16);
    let form = format!("            PRIOR AUTHORIZATION REQUEST FORM{head}{form}");
    provider(&extract(&[page(&form)]), Role::Rendering)[0].clone()
}

#[test]
fn a_name_ends_at_its_house_number() {
    let form = "
Equipment to be furnished by: Lakeside Home Medical, 42 Prospect Drive, Cedar Falls, IL 60612";
    assert_eq!(supplier(form).as_deref(), Some("Lakeside Home Medical"));
}

/// Names on top of their labels, behind the number of their box.
#[test]
fn the_number_of_a_box_is_no_part_of_a_name() {
    let form = "
7 Northcott, Rupert MD        8 2847464379        9 59-3145821
Ordering MD / DO / NP         Ordering NPI        Ordering TIN
13 Cornerstone DME Supply     14 2352074985       15 26-1827323
DME vendor                    Vendor NPI          Vendor TIN
";
    assert_eq!(supplier(form).as_deref(), Some("Cornerstone DME Supply"));
    // Under it, where the label has a number.
    let form = "
13 Vendor of equipment                 14 NPI (10 digits)      15 TIN / EIN
TriCounty Medical Equipment LLC        2161696986              34-2992706
16 Practice location                   17 Phone                18 Fax
446 Juniper Lane, Glenwood             (303) 555-0115          (303) 555-0116
";
    assert_eq!(supplier(form).as_deref(), Some("TriCounty Medical Equipment LLC"));
}

#[test]
fn a_sentence_that_leads_to_a_name() {
    for (verb, name) in [
        ("The equipment comes from", "Cornerstone DME Supply"),
        ("The service is given by", "Riverbend Visiting Nurses"),
    ] {
        let form = format!("\n4 Vendor\n{verb} {name} (NPI 2785091705, TIN 45-1530895), 2046");
        assert_eq!(supplier(&form).as_deref(), Some(name));
    }
}

#[test]
fn a_company_beside_words_that_say_whose_it_is() {
    let form = "
Ordered by     Practitioner       Josephine Figueroa, MD
               Practitioner NPI   2405314370
Equipment      Company            Beacon Mobility and Respiratory
supplied by    Company NPI        2642485561
";
    assert_eq!(supplier(form).as_deref(), Some("Beacon Mobility and Respiratory"));
}

/// The head of a box lists what stands in it, on two lines.
#[test]
fn a_name_in_the_box_of_its_head() {
    let form = "
BENEFICIARY NAME, ADDRESS, TELEPHONE AND INSURANCE     SUPPLIER NAME, ADDRESS, TELEPHONE AND NPI
NUMBER
                                                       Cornerstone DME Supply
Castellan, Celeste                                     2550 Ferry Street
";
    assert_eq!(supplier(form).as_deref(), Some("Cornerstone DME Supply"));
}

/// Words of titles and choices are no company.
#[test]
fn a_heading_is_no_name() {
    for form in [
        "\nEquipment Supplies: Request to Authorize",
        "\nOrdering provider             Referred to (DME vendor)",
        "\nSite of service: Home (POS 12)",
    ] {
        assert_eq!(supplier(form), None, "{form}");
    }
}

/// Of a line that was spread to fill its cell.
#[test]
fn a_telephone_number_torn_by_blanks() {
    let form = "
DME provider accepting the referral
Name Keystone Durable Medical     NPI 2734347158
Tel 214.55 5.0146                 Fax 1 214 55 5 0147
";
    let form = format!("            PRIOR AUTHORIZATION REQUEST FORM\n{form}");
    let [_, phone, fax] = provider(&extract(&[page(&form)]), Role::Rendering);
    assert_eq!(phone.as_deref(), Some("+12145550146"));
    assert_eq!(fax.as_deref(), Some("+12145550147"));
}

/// Without a label: the only company that supplies; of two, neither.
#[test]
fn the_one_company_that_a_form_names_supplies() {
    let form = "
Jane Roe, MD
Keystone Durable Medical       2734347158";
    assert_eq!(supplier(form).as_deref(), Some("Keystone Durable Medical"));
    assert_eq!(supplier(&format!("{form}\nLakeside Home Medical")), None);
}

/// On top of its label a name may end in a word that is one.
#[test]
fn a_name_that_ends_in_a_label_stands_in_the_row_of_its_number() {
    let form = "
7 O'Mallory, Noreen DO               8 2909079354       9 58-2354208
Ordering MD / DO / NP                Ordering NPI       Ordering TIN
13 Bluebird Home Health Equipment    14 2215711682      15 47-1268860
DME vendor                           Vendor NPI         Vendor TIN
";
    assert_eq!(supplier(form).as_deref(), Some("Bluebird Home Health Equipment"));
}

#[test]
fn a_heading_that_goes_on_in_brackets_has_its_name_beneath() {
    let form = "
Authorizing provider               Referred to (DME vendor)
Greta Kingsley, DO                 Keystone Durable Medical
1174 Lakeview Terrace              2719 Chestnut Boulevard, Cedar Falls, IL 60672
";
    assert_eq!(supplier(form).as_deref(), Some("Keystone Durable Medical"));
}

/// A line that is an address, under the name; an address in a sentence is none.
#[test]
fn an_address_without_a_label_under_its_name() {
    let address = |line: &str| {
        let form = format!(
            "            PRIOR AUTHORIZATION REQUEST FORM

DME provider       Cornerstone DME Supply
                   {line}
                   phone 612-555-0148"
        );
        let found = extract(&[page(&form)]);
        let supplier = found.findings.providers.into_iter().find(|p| p.role == Role::Rendering);
        supplier.and_then(|p| p.address).map(|address| address.value.expose().clone())
    };
    let street = "2378 Old Mill Road, Maple Grove, MN 55496";
    assert_eq!(address(street).as_deref(), Some(street));
    assert_eq!(address("serves all of Maple Grove"), None);
}

#[test]
fn a_suppliers_name_goes_on_beneath_in_its_column() {
    let found = extract(&[page(
        "
            AUTHORIZATION REQUEST FORM
Provider      Last, first / company        NPI #           TIN/EIN
Ordering      Ravensworth, Milton MD       2418412302      47-6020849
Servicing     Beacon Mobility and          2514356684      26-8517434
              Respiratory
Member No.    1RQ2VG2CT41
",
    )]);
    let supplier = found.findings.providers.iter().find(|p| p.role == Role::Rendering).unwrap();
    let name = supplier.name.as_ref().unwrap();
    assert_eq!(name.value.expose(), "Beacon Mobility and Respiratory");
}

#[test]
fn the_rest_of_a_worn_heading_is_no_name() {
    let form = "
PATIENT NAME, ADDRESS           SUPPLIER NAME. ADIDRESS,¿ TELLPHON T AND NPI
Fairbrook, Horace               Northgate Medical Supply Co
1733 Orchard Way                2655 Quarry Road
";
    assert_eq!(supplier(form).as_deref(), Some("Northgate Medical Supply Co"));
}
