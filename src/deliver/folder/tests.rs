use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::vocab::Phi;

struct Bench {
    data: tempfile::TempDir,
    document: DocumentRef,
}

impl Bench {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        Self { data, document: DocumentRef::from_random(42) }
    }

    fn place(&self, destination: &Destination, packet: &Packet) -> Result<Receipt, FolderError> {
        let delivery = Delivery {
            document: &self.document,
            destination,
            lane: Lane::Expedited,
            packet,
            original: Some(b"II*\0 original bytes"),
            media_type: MediaType::Tiff,
        };
        place(self.data.path(), &delivery, "2026-03-06T15:00:00Z".parse().unwrap())
    }

    /// Every file below the data directory, with its content.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        fn walk(base: &Path, folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(base, &path, found);
                } else {
                    let name = path.strip_prefix(base).unwrap().display().to_string();
                    found.push((name, fs::read(&path).unwrap()));
                }
            }
        }
        let mut found = Vec::new();
        walk(self.data.path(), self.data.path(), &mut found);
        found.sort();
        found
    }

    fn names(&self) -> Vec<String> {
        self.files().into_iter().map(|(name, _)| name).collect()
    }
}

fn packet(text: &str) -> Packet {
    Packet {
        pdf: Phi::new(b"%PDF-1.7".to_vec()),
        manifest: Phi::new(serde_json::json!({ "text": text })),
    }
}

fn case(queue: Option<Queue>) -> Destination {
    Destination::Case { case: CaseRef::from_random(7), queue }
}

#[test]
fn a_document_of_a_case_lies_there_and_its_queue_lists_it() {
    let bench = Bench::new();
    let receipt = bench.place(&case(Some(Queue::HoldInsufficient)), &packet("Edith")).unwrap();
    let folder = format!("cases/{}/{}", CaseRef::from_random(7), bench.document);
    assert!(matches!(receipt, Receipt::Folder { path, .. } if path == Path::new(&folder)));
    let expected = [
        format!("{folder}/manifest.json"),
        format!("{folder}/original.tif"),
        format!("{folder}/packet.pdf"),
        format!("queues/hold_insufficient/{}.json", bench.document),
    ];
    assert_eq!(bench.names(), expected);
    let listing: serde_json::Value = serde_json::from_slice(&bench.files()[3].1).unwrap();
    assert_eq!(listing["path"], folder);
    assert_eq!(listing["lane"], "expedited");
    assert!(!listing.to_string().contains("Edith"));
}

#[test]
fn only_the_service_may_read() {
    let bench = Bench::new();
    bench.place(&Destination::Queue(Queue::Technical), &packet("x")).unwrap();
    let mode = |path: &str| {
        fs::metadata(bench.data.path().join(path)).unwrap().permissions().mode() & 0o777
    };
    let folder = format!("queues/technical/{}", bench.document);
    assert_eq!((mode("queues"), mode("queues/technical"), mode(&folder)), (0o700, 0o700, 0o700));
    for file in ["packet.pdf", "manifest.json", "original.tif"] {
        assert_eq!(mode(&format!("{folder}/{file}")), 0o600, "{file}");
    }
}

#[test]
fn twice_is_once_and_what_stands_is_not_written_again() {
    let bench = Bench::new();
    let destination = case(Some(Queue::ReadyForReview));
    let first = bench.place(&destination, &packet("x")).unwrap();
    let folder = bench.data.path().join(destination.path(&bench.document));
    let written = fs::metadata(folder.join("packet.pdf")).unwrap().modified().unwrap();
    let files = bench.files();
    assert_eq!(bench.place(&destination, &packet("x")).unwrap(), first);
    assert_eq!(bench.files(), files);
    assert_eq!(fs::metadata(folder.join("packet.pdf")).unwrap().modified().unwrap(), written);
}

#[test]
fn a_correction_takes_the_place_of_what_stood() {
    let bench = Bench::new();
    let destination = Destination::Queue(Queue::ManualTriage);
    bench.place(&destination, &packet("before")).unwrap();
    bench.place(&destination, &packet("after")).unwrap();
    assert_eq!(bench.names().len(), 3);
    assert!(String::from_utf8_lossy(&bench.files()[0].1).contains("after"));
}

/// What a crash leaves, at whichever instruction: a staging folder, in part or
/// full; a target without its listing; an exchanged folder not yet removed.
#[test]
fn what_a_crash_left_is_cleared_up() {
    let destination = case(Some(Queue::ReadyForReview));
    let whole = Bench::new();
    whole.place(&destination, &packet("x")).unwrap();
    let bench = Bench::new();
    let parent = bench.data.path().join(destination.parent());
    let leave = |files: &[&str]| {
        let staging = staging(&parent, &bench.document);
        fs::create_dir_all(&staging).unwrap();
        for file in files {
            fs::write(staging.join(file), b"torn").unwrap();
        }
    };
    let listing = bench.data.path().join(destination.listing(&bench.document).unwrap().1);
    leave(&["packet.pdf"]);
    bench.place(&destination, &packet("x")).unwrap();
    assert_eq!(bench.files(), whole.files());
    fs::remove_file(&listing).unwrap();
    bench.place(&destination, &packet("x")).unwrap();
    assert_eq!(bench.files(), whole.files());
    leave(&["packet.pdf", "manifest.json", "original.tif"]);
    fs::write(listing.with_file_name(format!(".{}.json.part", bench.document)), b"torn").unwrap();
    bench.place(&destination, &packet("x")).unwrap();
    assert_eq!(bench.files(), whole.files());
}

#[test]
fn a_folder_that_was_torn_is_made_whole() {
    let bench = Bench::new();
    let destination = case(None);
    bench.place(&destination, &packet("x")).unwrap();
    let whole = bench.files();
    let folder = bench.data.path().join(destination.path(&bench.document));
    fs::remove_file(folder.join("original.tif")).unwrap();
    bench.place(&destination, &packet("x")).unwrap();
    assert_eq!(bench.files(), whole);
}

#[test]
fn a_full_disk_may_be_mended() {
    let full = doing("write the packet")(io::ErrorKind::StorageFull.into());
    assert!(matches!(full, FolderError::DiskFull { .. }));
    assert_eq!(full.failure(), Failure::Transient);
}

#[test]
fn a_document_that_moves_stands_at_its_new_place_alone() {
    let bench = Bench::new();
    let (held, review) = (case(Some(Queue::HoldInsufficient)), case(Some(Queue::ReadyForReview)));
    let triage = Destination::Queue(Queue::ManualTriage);
    let stands = |at: &Destination, names: &[String]| {
        let folder = at.path(&bench.document).display().to_string();
        names.iter().filter(|name| name.contains(&bench.document.to_string())).all(|name| {
            name.starts_with(&folder)
                || at
                    .listing(&bench.document)
                    .is_some_and(|(_, list)| *name == list.display().to_string())
        })
    };
    let leave = |earlier: &[Destination], at: &Destination| {
        leave(bench.data.path(), &bench.document, earlier, at).unwrap();
    };
    bench.place(&held, &packet("held")).unwrap();
    bench.place(&triage, &packet("to a person")).unwrap();
    for _ in 0..2 {
        leave(std::slice::from_ref(&held), &triage);
        assert!(stands(&triage, &bench.names()), "{:?}", bench.names());
    }
    let case_folder = bench.data.path().join(held.parent());
    assert!(!case_folder.exists(), "nothing is left of it");
    // Back into its case, and from one list to the other.
    bench.place(&held, &packet("held")).unwrap();
    leave(&[held.clone(), triage.clone()], &held);
    assert!(stands(&held, &bench.names()), "{:?}", bench.names());
    bench.place(&review, &packet("complete")).unwrap();
    leave(&[held, triage, review.clone()], &review);
    assert!(stands(&review, &bench.names()), "{:?}", bench.names());
    assert!(bench.names().iter().any(|name| name.ends_with("manifest.json")));
}

#[test]
fn what_a_crash_left_of_moving_is_removed_by_the_next_run() {
    let bench = Bench::new();
    let triage = Destination::Queue(Queue::ManualTriage);
    bench.place(&triage, &packet("x")).unwrap();
    let parent = bench.data.path().join(triage.parent());
    fs::rename(parent.join(bench.document.as_str()), staging(&parent, &bench.document)).unwrap();
    leave(bench.data.path(), &bench.document, &[triage], &Destination::Closed).unwrap();
    assert!(bench.names().is_empty());
}
