#!/usr/bin/env bash
# Runs Stryker.NET over one group of rules; MUTANTS.md beside it says why and what comes out.
# It works in a copy of the last commit from which the tests of other groups are taken away: a run repeats the tests for each mutant.
# Arguments: the group; then, if wanted, files instead of all of the group's, as Stryker's --mutate takes them.
set -euo pipefail
case ${1:-} in
    consents) tests='Consents|Requests|Labels|Golden' files='Consents/*.cs Requests/*.cs Labels/*.cs' ;;
    people) tests='Patients|PatientKeys|Devices|Providers|Erasures|Records|Exports|Consents|Requests|Labels|Golden' files='Patients/*.cs PatientKeys/*.cs Exports/*.cs Devices/*.cs Providers/*.cs Erasures/*.cs Records/*.cs' ;;
    insight) tests='Insight' files='Insight/*.cs' ;;
    samples) tests='Samples' files='Samples/*.cs' ;;
    proofs) tests='Proofs|Sealing|Artefacts' files='Proofs/*.cs Sealing/*.cs Artefacts/*.cs' ;;
    chain) tests='Proofs/Chain' files='Proofs/Chain/*.cs' ;;
    rest) tests='.*' files='Ports/*.cs Hrms.Domain/EventJson.cs Hrms.Domain/Decided.cs' ;;
    *) echo "usage: $0 consents|people|insight|samples|proofs|chain|rest [files]" >&2; exit 2 ;;
esac
group=$1
shift
root=$(git rev-parse --show-toplevel)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git clone -q "$root" "$copy"
cd "$copy/tests/Hrms.Domain.Tests"
find . -name '*Tests.cs' | { grep -vE "^\./($tests)/" || true; } | xargs -r rm
[[ $tests == *Golden* ]] || rm -r Golden
rm -f Samples/SampleSpeedTests.cs
set -f
mutate=()
for file in ${@:-$files}; do mutate+=(--mutate "**/$file"); done
dotnet tool restore
HRMS_CASES_DIVISOR=100000 CsCheck_Iter=2 nice -n 15 dotnet stryker --concurrency 2 --output "$root/tests/Hrms.Domain.Tests/StrykerOutput/$group" "${mutate[@]}"
