using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd.PairedWorlds;

/// <summary>Everything a provider can ask about a patient and one record, and all pages of what there is.</summary>
public static class Questions
{
    private const string Fields = "id version resourceType class codes { system code display } date authors encounter labels source enteredBy { kind id } recordedAt streamVersion content";

    private const string OfOne = $$"""
        query($patient: ID!, $purpose: PurposeOfUse, $record: ID!, $reference: String!) { patient(id: $patient, purpose: $purpose) {
          id record(id: $record) { {{Fields}} } first: record(id: $record, version: 1) { {{Fields}} } second: record(id: $record, version: 2) { id }
          recordVersions(id: $record) { {{Fields}} } reference(reference: $reference) { {{Fields}} }
          labelHistory(record: $record) { label } whoCanSee(record: $record) { purposes } explain(input: { who: { anyone: true }, purpose: TREAT, record: $record }) { permitted }
          previewConsent(input: { consent: $record }) { allAccesses } consentVersions(consent: $record) { version }
          policy { optedOut } delegations { id } brokenGlasses { id } notices { at } consents { id } consentArtefact(consent: $record) patientKeys { id } consentToSign(consent: $record) { version } consentRequests { id } consentFindings { kind } consentTemplates { code } holdings { purgeBy }
          devices { id } overview { recordCount } accessHistory { nodes { at } } accessHistoryExport { firstVersion } historyCheck { eventsChecked }
          anchor(streamVersion: 2) { batch } proof(streamVersion: 2)
          samples(kind: HEART_RATE, from: "2025-01-01T00:00:00Z", until: "2025-01-02T00:00:00Z") { points { mean } hasNextPage }
        } }
        """;

    private const string OfAll = $$"""
        query($patient: ID!, $purpose: PurposeOfUse, $first: Int!, $after: String, $where: RecordFilter) { patient(id: $patient, purpose: $purpose) {
          records(first: $first, after: $after, where: $where) { totalCount edges { cursor } nodes { {{Fields}} } pageInfo { hasNextPage endCursor } } } }
        """;

    /// <summary>Searches by what a withheld record has and others may not.</summary>
    public static IReadOnlyList<object?> Filters { get; } =
    [
        null, new { classes = new[] { DataClass.Laboratory } }, new { code = "86406008" }, new { text = "immunodeficiency" }, new { label = "HIV" }, new { label = "PSY" },
        new { from = "2025-04-01T00:00:00Z", until = "2025-08-01T00:00:00Z" }, new { resourceType = "Encounter" },
    ];

    /// <summary>Exports of all and of parts that a withheld record belongs to.</summary>
    public static IReadOnlyList<string> Exports { get; } = ["", "&_type=Observation,Provenance", "&_type=Condition", "&start=2025-04&end=2025-08", "&_since=2025-01-01T00:00:00Z"];

    /// <summary>Searches that nobody thought of: any filter by what records have or lack, from the place of any record there is or might be.</summary>
    public static IEnumerable<(object Where, string? After)> RandomSearches(Random random, Life life, int count)
    {
        string[] codes = ["4548-4", "http://loinc.org|4548-4", "860975", "86406008", "44054006", "|", "none"], texts = ["hemoglobin", "metformin", "immuno", "diabetes", "", "e", "zzz"];
        string[] labels = ["HIV", "PSY", "R", "N", "ETH"], types = ["Observation", "MedicationRequest", "Encounter", "Condition", "Patient"];
        for (var i = 0; i < count; i++)
        {
            var (from, until) = (Day(random), Day(random));
            var id = random.Next(3) == 0 ? life.Command() : World.IdOf(life.Records[random.Next(life.Records.Count)].Command);
            yield return (
                new
                {
                    classes = Maybe(random, () => new[] { Any(random, Enum.GetValues<DataClass>()), Any(random, Enum.GetValues<DataClass>()) }), code = Maybe(random, () => Any(random, codes)),
                    text = Maybe(random, () => Any(random, texts)), label = Maybe(random, () => Any(random, labels)), resourceType = Maybe(random, () => Any(random, types)),
                    author = random.Next(6) == 0 ? life.Command() : (Guid?)null, from = Maybe(random, () => from), until = Maybe(random, () => until),
                },
                random.Next(2) == 0 ? null : $"{(random.Next(5) == 0 ? -1 : DateTimeOffset.Parse(Day(random), System.Globalization.CultureInfo.InvariantCulture).UtcTicks)}:{id:N}");
        }
    }

    private static T? Maybe<T>(Random random, Func<T> make) where T : class => random.Next(3) == 0 ? make() : null;

    private static T Any<T>(Random random, T[] all) => all[random.Next(all.Length)];

    private static string Day(Random random) => new DateTime(2025, 1, 1, 8, 0, 0, DateTimeKind.Utc).AddDays(random.Next(300)).ToString("s") + "Z";

    public static Task<Answer> AsksOfAsync(this Provider doctor, Patient patient, PurposeOfUse purpose, Guid record) =>
        doctor.AsksAsync(OfOne, new { patient = patient.Id, purpose, record, reference = $"Observation/{record}" });

    public static Task<Answer> AsksForPageAsync(this Provider doctor, Patient patient, PurposeOfUse purpose, int first, string? after, object? where) =>
        doctor.AsksAsync(OfAll, new { patient = patient.Id, purpose, first, after, where });
}
