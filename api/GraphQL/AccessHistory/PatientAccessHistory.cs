using GraphQL;
using Hrms.Api.GraphQL.AccessHistory;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>Who looked.</summary>
public sealed partial class PatientType
{
    [Description("Who looked or was refused, newest first; null for everybody but the patient. A search for what is rare in a long history answers with fewer lines than asked for, or none, and a next page. Reading it is a line of its own.")]
    public Task<AccessLineConnection?> AccessHistory(IResolveFieldContext context, AccessHistoryFilter? where, int first = 25, string? after = null) =>
        Grain(context).AccessHistoryAsync((where ?? AccessHistoryFilter.None).ToQuery(Asker(context), first, after)).OrNull(page => new AccessLineConnection(page));

    [Description("The access lines of a period and the accounting of disclosures that they are, with a proof for the verifier program that none is missing; null for everybody but the patient.")]
    public Task<AccessHistoryExportType?> AccessHistoryExport(IResolveFieldContext context, DateTimeOffset? from = null, DateTimeOffset? until = null) =>
        Grain(context).ExportHistoryAsync(new HistoryExportRequest(Asker(context), new Period(from, until))).OrNull(export => new AccessHistoryExportType(export));

    [Description(
        "Recomputes the history from an event on and compares it with the ledger; of a long one a part, up to so many batches that hold events of it. The last part compares the newest 1,000 batches of its "
        + "lane since the patient is there, too: a deleted newest event shows as the batch that held it; ledgerCheck looks at older batches. Null for everybody but the patient.")]
    public Task<HistoryCheckType?> HistoryCheck(IResolveFieldContext context, long from = 1, int batches = Limits.HistoryBatchesMax) =>
        Grain(context).CheckHistoryAsync(Asker(context), from, batches).OrNull(check => new HistoryCheckType(check));
}

/// <summary>Which lines. All that is given must hold.</summary>
/// <param name="Actor">Who asked, or on whose behalf.</param>
public sealed record AccessHistoryFilter(
    [property: Id] Guid? Actor, [property: Id] Guid? Record, bool? Permitted, PurposeOfUse? Purpose, DateTimeOffset? From, DateTimeOffset? Until)
{
    internal static readonly AccessHistoryFilter None = new(null, null, null, null, null, null);

    internal AccessHistoryQuery ToQuery(Asker asker, int first, string? after) => new(
        asker, Actor, Record is { } id ? new RecordId(id) : null, Permitted, Purpose, From is null && Until is null ? null : new Period(From, Until), first, after);
}
