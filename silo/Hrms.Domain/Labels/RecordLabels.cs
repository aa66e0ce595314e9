using System.Collections.Immutable;
using Hrms.Contracts;
using Hrms.Domain.Records;

namespace Hrms.Domain.Labels;

/// <summary>
/// The labels of a record: one set for all its versions. What a version came with stays when the next one comes without it; only a person takes a label away,
/// the patient what the patient added, the privacy officer the rest.
/// </summary>
public static class RecordLabels
{
    /// <summary>The versions with the labels that hold now.</summary>
    public static ImmutableArray<RecordVersion> Apply(ImmutableArray<RecordVersion> versions, ImmutableArray<LabelChange> changes)
    {
        var (marked, chosen) = Of(versions, changes);
        IReadOnlyList<string> labels = [.. marked.Union(chosen)];
        return [.. versions.Select(version => version with { Metadata = version.Metadata with { Labels = labels } })];
    }

    /// <summary>Whether the label is there because the patient added it.</summary>
    public static bool IsChosen(ImmutableArray<LabelChange> changes, string label) =>
        changes.LastOrDefault(change => change.Label == label && IsPatients(change))?.Step == LabelStep.Added;

    /// <summary>Whether the label is there because a version came with it, or the table marked it.</summary>
    public static bool IsMarked(ImmutableArray<RecordVersion> versions, ImmutableArray<LabelChange> changes, string label) =>
        Of(versions, changes).Marked.Contains(label);

    private static (List<string> Marked, List<string> Chosen) Of(ImmutableArray<RecordVersion> versions, ImmutableArray<LabelChange> changes)
    {
        List<string> marked = [], chosen = [];
        var happened = versions.Select(version => (version.Metadata.StreamVersion, Version: (RecordVersion?)version, Change: (LabelChange?)null))
            .Concat(changes.Select(change => (change.StreamVersion, Version: (RecordVersion?)null, Change: (LabelChange?)change)))
            .OrderBy(one => one.StreamVersion);
        foreach (var (_, version, change) in happened)
        {
            if (version is not null)
                marked.AddRange(version.Stored.Labels.Except(marked));
            else if (change!.Step == LabelStep.Lowered)
                (IsPatients(change) ? chosen : marked).Remove(change.Label);
            else if (!chosen.Contains(change.Label))
                chosen.Add(change.Label);
        }
        return (marked, chosen);
    }

    /// <summary>By the patient, or by a delegate who acted for them; officers are practitioners.</summary>
    private static bool IsPatients(LabelChange change) => change.By.Kind == ActorKind.Patient;
}
