using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Records;

/// <summary>A draft whose content the grain has sealed: the hash of the sealed bytes, and the digest of what was sent.</summary>
public sealed record SealedDraft(RecordDraft Draft, string ContentHash, string DraftDigest);

/// <summary>What may enter a patient's record. A version is never overwritten; all of a command's records enter, or none.</summary>
public static class RecordRules
{
    /// <summary>
    /// What of a command is new, before anything is sealed: records that an earlier arrival of the same command has added are left out, and so
    /// are providers' entries that an earlier import brought along with the same id.
    /// </summary>
    public static Outcome<IReadOnlyList<RecordDraft>> New(PatientState state, AddRecords command, Func<RecordDraft, string> digest)
    {
        if (command.Drafts.Count == 0)
            return new Refusal(RefusalCode.Invalid, "There is no record in it.");
        if (command.Drafts.Count > Limits.IntakeRecordsMax)
            return new Refusal(RefusalCode.LimitExceeded, $"At most {Limits.IntakeRecordsMax} records at once. Send the rest as another Bundle.");
        List<RecordDraft> fresh = [];
        HashSet<RecordId> ids = [];
        var repeated = 0;
        for (var i = 0; i < command.Drafts.Count; i++)
        {
            var draft = command.Drafts[i];
            if (!ids.Add(draft.Id))
                return new Refusal(RefusalCode.Invalid, "Another record of the same command has this id.", $"drafts[{i}].id");
            if (state.Records.Find(draft.Id, 1) is not { } existing)
                fresh.Add(draft);
            else if (existing.Stored.Command == command.Command && existing.Stored.DraftDigest != digest(draft))
                return CommandReused;
            else if (existing.Stored.Command == command.Command)
                repeated++;
        }
        // All of a command's records came in together: a repeat brings each of them and no other.
        if (repeated > 0 && (fresh.Count > 0 || repeated != state.Records.All.Count(v => v.Stored.Version == 1 && v.Stored.Command == command.Command)))
            return CommandReused;
        return fresh;
    }

    public static IReadOnlyList<PatientEvent> Added(AddRecords command, IReadOnlyList<SealedDraft> drafts, DateTimeOffset now) =>
        [.. drafts.Select(draft => new RecordAdded(now, Stored(draft, 1, command.Source, command.Asker, command.Command)))];

    /// <summary>The metadata of a draft as if it were new.</summary>
    public static RecordMetadata AsSent(AddRecords command, RecordDraft draft, DateTimeOffset now, long streamVersion) =>
        Stored(new SealedDraft(draft, "", ""), 1, command.Source, command.Asker, command.Command).Metadata(now, streamVersion);

    /// <summary>Whether an amendment may be made: null when it may, or when <paramref name="alreadyDone"/>.</summary>
    public static Refusal? CheckAmendment(PatientState state, AmendRecord command, string digest, out bool alreadyDone)
    {
        alreadyDone = false;
        if (state.Records.Find(command.Draft.Id) is not { } newest)
            return Refusal.NotFound();
        if (state.Records.Versions(command.Draft.Id).FirstOrDefault(v => v.Stored.Command == command.Command && v.Stored.Version > 1) is { } earlier)
        {
            alreadyDone = earlier.Stored.DraftDigest == digest;
            return alreadyDone ? null : CommandReused;
        }
        if (newest.Stored.Version != command.ExpectedVersion)
        {
            return new Refusal(
                RefusalCode.StaleVersion, $"The record is at version {newest.Stored.Version}. Read it, then amend that version.", "expectedVersion");
        }
        if (newest.Stored.ResourceType != command.Draft.ResourceType)
        {
            return new Refusal(
                RefusalCode.Invalid, $"The record is a {newest.Stored.ResourceType}; an amendment keeps the type.", "resource.resourceType");
        }
        return null;
    }

    public static PatientEvent Amended(PatientState state, AmendRecord command, SealedDraft draft, DateTimeOffset now)
    {
        var newest = state.Records.Find(command.Draft.Id)!.Stored;
        var stored = Stored(draft, newest.Version + 1, command.Source, command.Asker, command.Command);
        return new RecordAmended(now, stored with { FullUrl = stored.FullUrl ?? newest.FullUrl });
    }

    private static Refusal CommandReused => new(RefusalCode.CommandReused, "This command id was used for other content. Use a new one.", "commandId");

    private static StoredRecord Stored(SealedDraft item, int version, RecordSource source, Asker asker, CommandId command)
    {
        var draft = item.Draft;
        return new StoredRecord(
            draft.Id, version, draft.ResourceType, draft.Class, draft.Codes, draft.Date, draft.Authors, draft.Encounter, draft.Labels, source,
            asker.Actor, draft.FullUrl, item.ContentHash, item.DraftDigest, command, draft.Categories);
    }
}
