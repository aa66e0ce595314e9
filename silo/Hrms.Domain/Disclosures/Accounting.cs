using Hrms.Contracts;
using Hrms.Domain.Records;

namespace Hrms.Domain.Disclosures;

/// <summary>The accounting of disclosures (45 CFR 164.528(b)(2)): of each its time, recipient, what it was, and the purpose. Called by the patient's grain.</summary>
public static class Accounting
{
    /// <param name="recipients">Of all lines, by the actor; who is not among them has no name.</param>
    public static Disclosure Of(AccessLine line, RecordIndex records, IReadOnlyDictionary<Actor, Recipient> recipients) => new(
        line.StreamVersion, line.At, recipients.GetValueOrDefault(line.Asker.Actor) ?? Recipient.Unnamed(line.Asker.Actor), line.Asker.OnBehalfOf, line.Asker.ClientId, line.Asker.Purpose,
        line.Operation == DisclosureRules.SamplesOperation ? [new DisclosedData(DataClass.Wearables, "Observation", [])]
            :
            [
                .. from record in line.Records
                   let stored = records.Find(record.Id, record.Version)?.Stored
                   group record.Id by (Class: stored?.Class ?? DataClass.Other, Type: stored?.ResourceType ?? "Basic") into kind
                   orderby kind.Key.Class, kind.Key.Type
                   select new DisclosedData(kind.Key.Class, kind.Key.Type, [.. kind]),
            ],
        DisclosureRules.IsExempt(line.Asker));
}
