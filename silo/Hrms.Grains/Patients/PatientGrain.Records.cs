using Hrms.Contracts;
using Hrms.Domain.Ports;
using Hrms.Domain.Records;
using Hrms.Domain.Sealing;
using Hrms.Grains.Journaling;

namespace Hrms.Grains.Patients;

/// <summary>Questions about records.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<RecordView>> ReadAsync(ReadRecord read) => AskAsync(
        read.Asker, AccessAction.View, "record", judge => One(judge, State.Records.Find(read.Record, read.Version), read.WithContent));

    public Task<Outcome<RecordView>> ResolveAsync(ResolveReference resolve) => AskAsync(
        resolve.Asker, AccessAction.View, "reference", judge => One(judge, State.Records.Resolve(resolve.Reference), withContent: true));

    public Task<Outcome<IReadOnlyList<RecordMetadata>>> VersionsAsync(ReadRecord read) => AskAsync(
        read.Asker, AccessAction.View, "recordVersions", judge =>
        {
            if (State.Records.Find(read.Record) is not { } newest)
                return Answer.None<IReadOnlyList<RecordMetadata>>(NoSuchRecord);
            var visible = State.Records.Versions(read.Record)
                .Select(version => (version.Metadata, Decision: judge.Decide(version, newest))).Where(seen => seen.Decision.Permitted).ToList();
            return visible.Count == 0
                ? Answer.None<IReadOnlyList<RecordMetadata>>(judge.Decide(newest.Metadata), Accessed(newest, judge.Decide(newest.Metadata)))
                : Answer.Of(
                    visible[^1].Decision, () => (IReadOnlyList<RecordMetadata>)[.. visible.Select(seen => judge.Shown(seen.Metadata))],
                    [.. visible.Select(seen => new AccessedRecord(seen.Metadata.Id, seen.Metadata.Version, seen.Decision))]);
        });

    public Task<Outcome<RecordPage>> SearchAsync(RecordSearch search)
    {
        if (search.First is < 1 or > Limits.PageSizeMax)
            return Task.FromResult<Outcome<RecordPage>>(new Refusal(RefusalCode.Invalid, $"A page has 1 to {Limits.PageSizeMax} records.", "first"));
        if (search.After is not null && !Cursor.TryParse(search.After, out _))
            return Task.FromResult<Outcome<RecordPage>>(new Refusal(RefusalCode.Invalid, "This is not a cursor of a page of records.", "after"));
        return AskAsync(search.Asker, search.Action, "records", judge => Page(judge, search), () => new RecordPage([], [], 0, false));
    }

    private Answer<RecordPage> Page(Judge judge, RecordSearch search)
    {
        if (!judge.MayPermit)
            return Answer.None<RecordPage>(judge.Refused);
        var visible = State.Records.NewestFirst
            .Where(record => RecordQuery.Matches(search, record))
            .Select(record => (Record: record, Decision: judge.Decide(record)))
            .Where(seen => seen.Decision.Permitted)
            .ToList();
        var (page, hasNext) = RecordQuery.Page(visible, seen => seen.Record, search.First, search.After);
        var versions = page.Select(seen => State.Records.Find(seen.Record.Id)!).ToList();
        return Answer.Of<RecordPage>(
            judge.IsSelf ? judge.AsPatient : new Decision(true, DecisionReason.Permitted),
            [.. page.Select(seen => new AccessedRecord(seen.Record.Id, seen.Record.Version, seen.Decision))],
            async () => new RecordPage(
                await ViewsAsync(judge, versions, search.WithContent), [.. page.Select(seen => Cursor.Of(seen.Record))], visible.Count, hasNext));
    }

    private Answer<RecordView> One(Judge judge, RecordVersion? found, bool withContent)
    {
        if (found is null)
            return Answer.None<RecordView>(NoSuchRecord);
        var decision = judge.Decide(found, State.Records.Find(found.Stored.Id)!);
        return decision.Permitted
            ? Answer.Of<RecordView>(decision, [Accessed(found, decision)], async () => (await ViewsAsync(judge, [found], withContent))[0])
            : Answer.None<RecordView>(decision, Accessed(found, decision));
    }

    private async Task<IReadOnlyList<RecordView>> ViewsAsync(Judge judge, IReadOnlyList<RecordVersion> versions, bool withContent)
    {
        if (!withContent || versions.Count == 0)
            return [.. versions.Select(version => new RecordView(judge.Shown(version.Metadata), default))];
        var contents = await Services.Contents.ReadAsync(
            Stream, [.. versions.Select(version => Convert.FromHexString(version.Stored.ContentHash))], CancellationToken.None);
        return [.. versions.Select((version, i) => new RecordView(judge.Shown(version.Metadata), OpenContent(version, contents[i])))];
    }

    private byte[] OpenContent(RecordVersion version, SealedContent? content)
    {
        var stored = version.Stored;
        try
        {
            return RecordSeal.Open(Keys, PlaceOf(stored.Id, stored.Version), Convert.FromHexString(stored.ContentHash), content);
        }
        catch (SealBrokenException broken)
        {
            throw Tampered(IntegrityViolation.Content, version.Metadata.StreamVersion, broken);
        }
    }

    private string PlaceOf(RecordId record, int version) => RecordSeal.Place(Stream, record.Value, version, RecordSeal.FhirJson);

    private static Decision NoSuchRecord { get; } = new(false, DecisionReason.NoSuchRecord);

    private static AccessedRecord Accessed(RecordVersion version, Decision decision) => new(version.Stored.Id, version.Stored.Version, decision);
}
