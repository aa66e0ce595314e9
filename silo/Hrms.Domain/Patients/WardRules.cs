using Hrms.Contracts;

namespace Hrms.Domain.Patients;

/// <summary>Whom a person acts for: a list in the person's own stream, told by the wards' grains. No decision rests on it. Called by the patient's grain.</summary>
public static class WardRules
{
    /// <summary>What the person's grain makes of being told: nothing when it knows it, has no room, or is nobody's.</summary>
    /// <param name="acts">Whether the delegation holds; false: somebody ended it.</param>
    public static Decided<PatientEvent> Learn(PatientState state, Ward ward, bool acts, DateTimeOffset now)
    {
        if (state.RegisteredAt is null || state.Wards.ContainsKey(ward.Delegation.Value) == acts)
            return Decided<PatientEvent>.AlreadyDone;
        if (!acts)
            return new ActingEnded(now, ward.Delegation);
        return List(state, now).Count < Limits.WardsMax ? new ActingBegan(now, ward) : Decided<PatientEvent>.AlreadyDone;
    }

    /// <summary>Whom the person acts for at a moment, newest first: what has ended by the clock alone is left out.</summary>
    public static IReadOnlyList<Ward> List(PatientState state, DateTimeOffset now) =>
        [.. state.Wards.Values.Where(ward => !(ward.Until <= now)).OrderByDescending(ward => (ward.From, ward.Delegation.Value))];

    /// <param name="after">The last entry of the page before; null: from the newest on.</param>
    public static Outcome<IReadOnlyList<Ward>> Page(PatientState state, DelegationId? after, int first, DateTimeOffset now)
    {
        if (first is < 1 or > Limits.PageSizeMax)
            return new Refusal(RefusalCode.Invalid, $"A page has 1 to {Limits.PageSizeMax} entries.", "first");
        var wards = List(state, now);
        var begin = after is null ? 0 : wards.TakeWhile(ward => ward.Delegation != after).Count() + 1;
        return begin > wards.Count
            ? new Refusal(RefusalCode.Invalid, "You don't act by this delegation, or no longer. Begin anew without it.", "after")
            : new Outcome<IReadOnlyList<Ward>>([.. wards.Skip(begin).Take(first)], null);
    }
}
