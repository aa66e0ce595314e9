using System.Security.Cryptography;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Labels;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Records;
using Hrms.Domain.Sealing;

namespace Hrms.Grains.Patients;

/// <summary>Records coming in. What a command brings is sealed here and becomes durable together with the events that name it, all or nothing.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<IReadOnlyList<RecordMetadata>>> ImportRecordsAsync(AddRecords command) => AddRecordsAsync(command);

    public async Task<Outcome<IReadOnlyList<RecordMetadata>>> AddRecordsAsync(AddRecords command)
    {
        command = command with { Drafts = RecordLabelling.Labelled(command.Drafts) };
        if (await RefuseStoreAsync(command.Asker, "addRecords", ScopeInteractions.Create, command.Drafts.Select(DatumOf), NoSuchPatient) is { } refusal)
            return refusal;
        var fresh = RecordRules.New(State, command, Digest);
        if (!fresh.Succeeded)
            return await ConfirmedAsync(fresh.Refusal);
        if (fresh.Value.Count > 0)
        {
            var items = fresh.Value.Select(draft => (Draft: draft, Content: Seal(draft, 1))).ToList();
            var events = RecordRules.Added(command, [.. items.Select(item => Named(item.Draft, item.Content))], Now);
            await CommitAsync(events, [.. items.Select(item => item.Content)]);
            RecordsChanged([.. fresh.Value.Select(draft => State.Records.Find(draft.Id)!.Metadata)]);
        }
        var judge = JudgeFor(command.Asker, AccessAction.Store, []);
        return new Outcome<IReadOnlyList<RecordMetadata>>([.. command.Drafts.Select(draft => judge.Shown(Added(command, draft)))], null);
    }

    public async Task<Outcome<RecordMetadata>> AmendRecordAsync(AmendRecord command)
    {
        command = command with { Draft = RecordLabelling.Labelled(command.Draft) };
        if (await RefuseStoreAsync(command.Asker, "amendRecord", ScopeInteractions.Update, [DatumOf(command.Draft), AsSent(command.Draft)], Refusal.NotFound()) is { } refusal)
            return refusal;
        if (RecordRules.CheckAmendment(State, command, Digest(command.Draft), out var alreadyDone) is { } wrong)
            return await ConfirmedAsync(wrong);
        if (!alreadyDone)
        {
            var content = Seal(command.Draft, command.ExpectedVersion + 1);
            await CommitAsync([RecordRules.Amended(State, command, Named(command.Draft, content), Now)], [content]);
            RecordsChanged([State.Records.Find(command.Draft.Id)!.Metadata]);
        }
        var amended = State.Records.Versions(command.Draft.Id).Last(v => v.Stored.Command == command.Command).Metadata;
        return JudgeFor(command.Asker, AccessAction.Store, []).Shown(amended);
    }

    /// <summary>
    /// What the asker added. A provider's entry that somebody brought before is answered as it was sent: who may only write must not learn that it was there.
    /// </summary>
    private RecordMetadata Added(AddRecords command, RecordDraft draft)
    {
        var stored = State.Records.Find(draft.Id, 1)!;
        return stored.Stored.Command == command.Command || IsSelf(command.Asker)
            ? stored.Metadata
            : RecordRules.AsSent(command, draft, Now, State.Records.Find(command.Drafts[0].Id, 1)!.Metadata.StreamVersion);
    }

    /// <summary>Who may not write what is asked for gets the answer of who asks for a patient, or amends a record, that does not exist.</summary>
    private async Task<Refusal?> RefuseStoreAsync(Asker asker, string operation, ScopeInteractions needed, IEnumerable<Datum> data, Refusal absent)
    {
        var standing = await StandingOfAsync(asker);
        if (standing.IsEnded)
            return await RefuseEndedAsync(asker, AccessAction.Store, operation);
        if (IsErased || State.RegisteredAt is null)
        {
            await PaceAsync(asker, AccessAction.Store, operation);
            return IsErased && IsSelf(asker) ? Erased : absent;
        }
        var judge = JudgeFor(asker, AccessAction.Store, standing.Memberships, needed);
        var decisions = data.Select(judge.Decide).ToList();
        if (decisions.TrueForAll(decision => decision.Permitted))
            return null;
        var denied = decisions.Find(decision => !decision.Permitted)!;
        await AppendLineAsync(new AccessHappened(Now, asker, AccessAction.Store, operation, denied, [], State.PolicyVersion));
        return absent;
    }

    /// <summary>An amendment must be allowed on the record as it is, and as it would be.</summary>
    private Datum DatumOf(RecordDraft draft) => State.Records.Find(draft.Id)?.Metadata is { } existing ? Datum.Of(existing) : AsSent(draft);

    private static Datum AsSent(RecordDraft draft) =>
        new(draft.Id, draft.Class, draft.Date, draft.Authors, draft.Encounter, draft.Labels, null, draft.ResourceType, draft.Categories);

    private SealedContent Seal(RecordDraft draft, int version) =>
        RecordSeal.Seal(Keys, PlaceOf(draft.Id, version), draft.Content.Span, Services.Entropy);

    private static SealedDraft Named(RecordDraft draft, SealedContent content) => new(draft, Convert.ToHexStringLower(content.Hash), Digest(draft));

    private static string Digest(RecordDraft draft) => Convert.ToHexStringLower(SHA256.HashData(draft.Content.Span));
}
