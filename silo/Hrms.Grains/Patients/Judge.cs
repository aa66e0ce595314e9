using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Records;

namespace Hrms.Grains.Patients;

/// <summary>What applies to one asker at one moment: the patient's policy narrowed to who asks, for what, now.</summary>
/// <param name="scope">Null for the patient in person, from whom nothing is withheld.</param>
/// <param name="asPatient">
/// What the access line says of who may do what the patient may: the patient, or a delegate who acts fully; null for everybody else, the patient's apps included.
/// </param>
/// <param name="reach">How far the patient's own app reaches, where it comes in the patient's name; null: as far as the patient. Others' reach is the scope's.</param>
internal sealed class Judge(Scope? scope, Decision? asPatient, AppReach? reach = null)
{
    public bool IsSelf => scope is null && reach is null;

    /// <summary>Whether what is for the patient alone (consents, history, proofs) is for this asker, too.</summary>
    public bool ActsAsPatient => asPatient is not null;

    public Decision AsPatient => asPatient ?? throw new InvalidOperationException("Only who acts as the patient is judged so.");

    /// <summary>Whether any datum at all may be permitted.</summary>
    public bool MayPermit => scope?.MayPermit ?? reach?.ReachesSomething ?? true;

    /// <summary>Why nothing is permitted.</summary>
    public Decision Refused => scope?.Refused ?? OutOfScope;

    /// <summary>A time span cut where some consent's window begins or ends: within each part a decision on dated data is the same.</summary>
    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Spans(DateTimeOffset from, DateTimeOffset to)
    {
        List<DateTimeOffset> cuts = [from, .. (scope?.WindowBounds ?? []).Where(bound => bound > from && bound < to).Distinct().Order(), to];
        return [.. cuts.Zip(cuts.Skip(1))];
    }

    public Decision Decide(Datum datum) =>
        scope?.Decide(datum) ?? (reach?.Reaches(datum.ResourceType, datum.Categories) == false ? OutOfScope : new Decision(true, DecisionReason.Self));

    public Decision Decide(RecordMetadata record) => Decide(Datum.Of(record));

    private static Decision OutOfScope { get; } = new(false, DecisionReason.OutOfScope);

    /// <summary>A record as the asker may know it: the number of its event counts what else happened to the patient, and is the patient's alone.</summary>
    public RecordMetadata Shown(RecordMetadata record) => ActsAsPatient ? record : record with { StreamVersion = 0 };

    /// <summary>An older version is shown only to who may see the newest, too: a record that was relabelled stays hidden in all its versions.</summary>
    public Decision Decide(RecordVersion version, RecordVersion newest)
    {
        var decision = Decide(newest.Metadata);
        return decision.Permitted && version != newest ? Decide(version.Metadata) : decision;
    }
}

/// <summary>What a question comes to: the decision and the records for the access line, and how to make the answer once the line is durable.</summary>
/// <param name="Make">Null when the asker gets nothing.</param>
internal sealed record Answer<T>(Decision Decision, IReadOnlyList<AccessedRecord> Records, Func<Task<Outcome<T>>>? Make)
{
    /// <summary>Whether the line that was written for another answer holds for this one: the same decision on the same records.</summary>
    public bool SaysTheSameAs(Answer<T>? other) => other is not null && Decision == other.Decision && Records.SequenceEqual(other.Records);
}

internal static class Answer
{
    public static Answer<T> Of<T>(Decision decision, Func<T> make, params IReadOnlyList<AccessedRecord> records) =>
        new(decision, records, () => Task.FromResult<Outcome<T>>(make()));

    public static Answer<T> Of<T>(Decision decision, IReadOnlyList<AccessedRecord> records, Func<Task<Outcome<T>>> make) => new(decision, records, make);

    /// <summary>Denied or absent; the line says which, the asker can't tell.</summary>
    public static Answer<T> None<T>(Decision decision, params IReadOnlyList<AccessedRecord> records) => new(decision, records, null);

    public static Answer<T> None<T>(Judge _) => new(new Decision(false, DecisionReason.RoleNotAllowed), [], null);
}
