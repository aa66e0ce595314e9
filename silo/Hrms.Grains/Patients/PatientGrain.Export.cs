using Hrms.Contracts;
using Hrms.Domain.Disclosures;
using Hrms.Domain.Exports;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Grains.Journaling;

namespace Hrms.Grains.Patients;

/// <summary>Taking the record away, page by page: under the same consents as everything else, for the action EXPORT.</summary>
public sealed partial class PatientGrain
{
    public async Task<Outcome<ExportPage>> ExportAsync(ExportRecord export)
    {
        if (ExportRules.Check(export, out var from) is { } wrong)
            return wrong;
        // Before the question is judged: between the verdict and its line nothing may be waited for.
        var opened = await OpenedAsync(export, from);
        return await AskAsync(
            export.Asker, AccessAction.Export, "everything", judge => Page(judge, export, from, opened), () => ExportPage.Empty,
            patientSignedInWithin: export.After is null ? Limits.FreshSignIn : Limits.ExportSignIn);
    }

    public async Task<Outcome<ExportCheck>> CheckExportAsync(Asker asker, IReadOnlyList<RecordId> records)
    {
        var standing = await StandingOfAsync(asker);
        if (IsErased || State.RegisteredAt is null || standing.IsEnded)
            return new ExportCheck(false, []);
        // The page was one use of its consents; they are not used up by it while it is on its way.
        var judge = JudgeFor(asker, AccessAction.Export, standing.Memberships, uses: false);
        return new ExportCheck(
            judge.ActsAsPatient, [.. records.Where(id => State.Records.Find(id) is { } record && judge.Decide(record.Metadata).Permitted)]);
    }

    private Answer<ExportPage> Page(Judge judge, ExportRecord export, ExportCursor from, IReadOnlyDictionary<string, byte[]> opened)
    {
        if (!judge.MayPermit && !judge.ActsAsPatient)
            return Answer.None<ExportPage>(judge.Refused);
        var (records, more, denied) = ExportRules.Records(
            State.Records, export, from, judge.Decide, version => opened.GetValueOrDefault(version.Stored.ContentHash)?.Length ?? Limits.ExportPageBytesMax);
        // Somebody may take something away, but nothing of what is here: that is a refusal, too.
        if (records.Count == 0 && denied is not null && !judge.ActsAsPatient)
            return Answer.None<ExportPage>(denied);
        var next = more ? ExportCursor.After(records[^1].Record.Metadata) : null;
        IReadOnlyList<ConsentView> consents = [];
        var room = export.First - records.Count;
        var own = judge.ActsAsPatient && next is null;
        if (own)
            (consents, next) = ExportRules.Consents(State.Consents, export, from, room);
        room -= consents.Count;
        var lines = own && next is null && ExportRules.WantsLines(export);
        if (lines && room == 0)
            (lines, next) = (false, ExportCursor.Lines);
        return Answer.Of<ExportPage>(
            judge.ActsAsPatient ? judge.AsPatient : new Decision(true, DecisionReason.Permitted),
            [.. records.Select(exported => Accessed(exported.Record, exported.Decision))],
            async () =>
            {
                List<RecordView> views = [];
                foreach (var version in records.Select(exported => exported.Record))
                {
                    views.Add(opened.TryGetValue(version.Stored.ContentHash, out var content)
                        ? new RecordView(judge.Shown(version.Metadata), content)
                        : (await ViewsAsync(judge, [version], withContent: true))[0]);
                }
                return lines ? await WithholdingAsync(withholding => WithHistoryAsync(new ExportPage(views, consents, [], ExportPage.Empty.ResourceTypes, null), export, from, room, judge, withholding))
                    : new ExportPage(views, consents, [], ExportPage.Empty.ResourceTypes, next?.ToString());
            });
    }

    /// <summary>Access lines and records as they were entered, in one order. The line of this very page is durable by now, and so among the first of them.</summary>
    private async Task<ExportPage> WithHistoryAsync(ExportPage page, ExportRecord export, ExportCursor from, int room, Judge judge, Withholding withholding)
    {
        var rows = await Services.Journal.PageAsync(Stream, EntryKind.Access, from.Line, room + 1, CancellationToken.None);
        var wanted = rows.Select(row => withholding.Shown((AccessHappened)Open(row), row.Version)).TakeWhile(line => export.Since is null || line.At >= export.Since).ToList();
        var (lines, versions, end) = ExportRules.History(wanted, State.Records, export, from, room, judge.Decide);
        var types = lines.SelectMany(line => line.Records).Select(record => State.Records.Find(record.Id)?.Stored).OfType<StoredRecord>()
            .DistinctBy(record => record.Id).ToDictionary(record => record.Id.Value, record => record.ResourceType);
        return page with { Lines = lines, Versions = versions, ResourceTypes = types, Next = end?.ToString() };
    }

    /// <summary>
    /// The contents of the page as it would be if it were judged now, opened, as many as one page has room for: a few sealed bytes can stand for many. What came in meanwhile is not
    /// among them, nor what does not open: the first of a page is opened with it.
    /// </summary>
    private async Task<IReadOnlyDictionary<string, byte[]>> OpenedAsync(ExportRecord export, ExportCursor from)
    {
        Dictionary<string, byte[]> opened = [];
        var judge = JudgeFor(export.Asker, AccessAction.Export, (await StandingOfAsync(export.Asker)).Memberships);
        if (!judge.MayPermit)
            return opened;
        var versions = ExportRules.Records(State.Records, export, from, judge.Decide, null).Page.Select(exported => exported.Record).ToList();
        byte[][] hashes = [.. versions.Select(version => Convert.FromHexString(version.Stored.ContentHash))];
        var room = (long)Limits.ExportPageBytesMax;
        var count = (await Services.Contents.SizesAsync(Stream, hashes, CancellationToken.None)).TakeWhile(size => (room -= size) > 0).Count();
        var contents = await Services.Contents.ReadAsync(Stream, hashes[..count], CancellationToken.None);
        room = Limits.ExportPageBytesMax;
        try
        {
            for (var i = 0; i < count && room > 0; i++)
            {
                opened[versions[i].Stored.ContentHash] = OpenContent(versions[i], contents[i]);
                room -= opened[versions[i].Stored.ContentHash].Length;
            }
        }
        catch (TamperedException)
        {
            // The alarm is raised. The caller is told with the page that begins with it, under a line of its own.
        }
        return opened;
    }
}
