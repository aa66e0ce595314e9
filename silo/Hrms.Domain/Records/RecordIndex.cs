using System.Collections.Immutable;
using Hrms.Contracts;
using Hrms.Domain.Labels;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Records;

/// <summary>One version of a record in the patient's state.</summary>
public sealed record RecordVersion(StoredRecord Stored, RecordMetadata Metadata);

/// <summary>
/// The metadata of all records of one patient, searched in memory. An immutable value: a change makes a new one, so a question that is under way keeps
/// the one it began with.
/// </summary>
public sealed class RecordIndex
{
    public static readonly RecordIndex Empty = new(
        ImmutableDictionary<RecordId, ImmutableArray<RecordVersion>>.Empty, ImmutableDictionary<string, RecordId>.Empty,
        ImmutableDictionary<RecordId, ImmutableArray<LabelChange>>.Empty);

    private readonly ImmutableDictionary<RecordId, ImmutableArray<RecordVersion>> _versions;
    private readonly ImmutableDictionary<string, RecordId> _byFullUrl;
    private readonly ImmutableDictionary<RecordId, ImmutableArray<LabelChange>> _labelChanges;
    private RecordMetadata[]? _newestFirst;

    private RecordIndex(
        ImmutableDictionary<RecordId, ImmutableArray<RecordVersion>> versions, ImmutableDictionary<string, RecordId> byFullUrl,
        ImmutableDictionary<RecordId, ImmutableArray<LabelChange>> labelChanges) =>
        (_versions, _byFullUrl, _labelChanges) = (versions, byFullUrl, labelChanges);

    public int Count => _versions.Count;

    /// <summary>The newest version of each record, latest clinical date first; records without a date last; then by id, so that a cursor is stable.</summary>
    public IReadOnlyList<RecordMetadata> NewestFirst => _newestFirst ??= Sort();

    /// <summary>Those after a place in <see cref="NewestFirst"/>, whether or not a record is still there; null: all.</summary>
    public IEnumerable<RecordMetadata> NewestFirstAfter((DateTimeOffset? Date, RecordId Id)? place)
    {
        var all = NewestFirst;
        var (below, above) = (0, place is null ? 0 : all.Count);
        while (below < above)
        {
            var middle = below + (above - below) / 2;
            if (RecordOrder.Compare((all[middle].Date, all[middle].Id), place!.Value) <= 0)
                below = middle + 1;
            else
                above = middle;
        }
        return all.Skip(below);
    }

    public IEnumerable<RecordVersion> All => _versions.Values.SelectMany(versions => versions);

    public RecordVersion? Find(RecordId id, int? version = null)
    {
        if (!_versions.TryGetValue(id, out var versions))
            return null;
        if (version is null)
            return versions[^1];
        return version >= 1 && version <= versions.Length ? versions[version.Value - 1] : null;
    }

    public ImmutableArray<RecordVersion> Versions(RecordId id) => _versions.GetValueOrDefault(id, []);

    /// <summary>What people changed of a record's labels, oldest first.</summary>
    public ImmutableArray<LabelChange> LabelChanges(RecordId id) => _labelChanges.GetValueOrDefault(id, []);

    public IEnumerable<LabelChange> AllLabelChanges => _labelChanges.Values.SelectMany(changes => changes);

    /// <summary>The record a reference names: a fullUrl of an import, or <c>Type/id</c>.</summary>
    public RecordVersion? Resolve(string reference)
    {
        if (_byFullUrl.TryGetValue(reference, out var id))
            return Find(id);
        return reference.Split('/') is [var type, var text] && Guid.TryParse(text, out var guid) && Find(new RecordId(guid)) is { } found && found.Stored.ResourceType == type
            ? found
            : null;
    }

    public RecordIndex With(IEnumerable<RecordVersion> added)
    {
        var versions = _versions.ToBuilder();
        var byFullUrl = _byFullUrl.ToBuilder();
        foreach (var version in added)
        {
            var id = version.Stored.Id;
            versions[id] = versions.TryGetValue(id, out var before) ? RecordLabels.Apply(before.Add(version), LabelChanges(id)) : [version];
            if (version.Stored.FullUrl is { } fullUrl)
                byFullUrl[fullUrl] = id;
        }
        return new RecordIndex(versions.ToImmutable(), byFullUrl.ToImmutable(), _labelChanges);
    }

    /// <summary>With other labels of records that are there.</summary>
    public RecordIndex With(IEnumerable<LabelChange> added)
    {
        var versions = _versions.ToBuilder();
        var changes = _labelChanges.ToBuilder();
        foreach (var ofRecord in added.GroupBy(change => change.Record))
        {
            changes[ofRecord.Key] = [.. LabelChanges(ofRecord.Key), .. ofRecord];
            versions[ofRecord.Key] = RecordLabels.Apply(_versions[ofRecord.Key], changes[ofRecord.Key]);
        }
        return new RecordIndex(versions.ToImmutable(), _byFullUrl, changes.ToImmutable());
    }

    private RecordMetadata[] Sort()
    {
        var newest = _versions.Values.Select(versions => versions[^1].Metadata).ToArray();
        Array.Sort(newest, RecordOrder.Compare);
        return newest;
    }
}

/// <summary>The order of every list of records, and of its cursors.</summary>
public static class RecordOrder
{
    public static int Compare(RecordMetadata a, RecordMetadata b) => Compare((a.Date, a.Id), (b.Date, b.Id));

    public static int Compare((DateTimeOffset? Date, RecordId Id) a, (DateTimeOffset? Date, RecordId Id) b)
    {
        var byDate = (b.Date ?? DateTimeOffset.MinValue).CompareTo(a.Date ?? DateTimeOffset.MinValue);
        return byDate != 0 ? byDate : a.Id.Value.CompareTo(b.Id.Value);
    }
}
