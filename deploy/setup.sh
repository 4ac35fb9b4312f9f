#!/usr/bin/env bash
# Installs what intake needs from Debian's packages, and nothing that is there
# already. `--tests` adds what the tests and the fixture generator use,
# `--bench` also the programs that the bench compares with, `--train` what the
# training of the line reader needs.
set -euo pipefail

run_time=(tesseract-ocr-eng)
build_time=(gcc libc6-dev make pkg-config clang libclang-dev libtesseract-dev libleptonica-dev)
bench=(tesseract-ocr ocrmypdf)
tests=(poppler-utils qpdf libtiff-tools fonts-liberation fonts-dejavu-core fonts-dejavu-extra zint)

wanted=("${run_time[@]}" "${build_time[@]}")
case "${1:-}" in
    --tests) wanted+=("${tests[@]}") ;;
    --train) wanted+=("${tests[@]}" python3-venv) ;;
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
