#!/usr/bin/env bash
# Installs what intake needs from Debian's packages, and nothing that is there
# already. `--tests` adds what the tests and the fixture generator use,
# `--bench` also the programs that the bench compares with, `--train` what the
# training of the line reader needs: Python, and 200 MB of free fonts.
set -euo pipefail

run_time=(tesseract-ocr-eng)
build_time=(gcc libc6-dev make pkg-config clang libclang-dev libtesseract-dev libleptonica-dev)
bench=(tesseract-ocr ocrmypdf)
tests=(poppler-utils qpdf libtiff-tools fonts-liberation fonts-dejavu-core fonts-dejavu-extra zint)

train=(
    fonts-adf-accanthis fonts-adf-baskervald fonts-adf-berenis fonts-adf-gillius
    fonts-adf-universalis fonts-anonymous-pro fonts-b612 fonts-cabin fonts-cantarell
    fonts-century-catalogue fonts-cmu fonts-comic-neue fonts-courier-prime fonts-croscore
    fonts-crosextra-caladea fonts-crosextra-carlito fonts-dosis fonts-ebgaramond fonts-essays1743
    fonts-firacode fonts-freefont-otf fonts-gfs-didot fonts-gfs-neohellenic fonts-hack
    fonts-inconsolata fonts-inter fonts-jetbrains-mono fonts-karla fonts-lato fonts-linuxlibertine
    fonts-lmodern fonts-mononoki fonts-noto-core fonts-ocr-a fonts-ocr-b fonts-opendyslexic
    fonts-open-sans fonts-oxygen fonts-paratype fonts-play fonts-quattrocento
    fonts-roboto-unhinted fonts-sil-charis fonts-sil-gentium fonts-texgyre fonts-tuffy
    fonts-urw-base35 fonts-vollkorn fonts-yanone-kaffeesatz
)

wanted=("${run_time[@]}" "${build_time[@]}")
case "${1:-}" in
    --tests) wanted+=("${tests[@]}") ;;
    --train) wanted+=("${tests[@]}" "${train[@]}" python3-venv) ;;
    --bench) wanted+=("${tests[@]}" "${bench[@]}") ;;
esac

missing=()
for package in "${wanted[@]}"; do
    state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ $state == installed ]] || missing+=("$package")
done

if ((${#missing[@]})); then
    if ! command -v apt-get >/dev/null; then
        echo "intake: this system has no apt-get; install what these Debian packages hold: ${missing[*]}" >&2
        exit 1
    fi
    as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || {
            echo "intake: as root, run: apt-get install ${missing[*]}" >&2
            exit 1
        }
        as_root=(sudo)
    fi
    echo "intake: installing Debian packages: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
fi

if ! command -v cargo >/dev/null; then
    echo "intake: Rust is missing (cargo); see https://rustup.rs or your distribution's packages" >&2
    exit 1
fi
