using Hrms.Contracts;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Providers;

namespace Hrms.Grains.Providers;

/// <summary>How this party or the installation is run, and, of the installation, what operators and auditors looked at.</summary>
public sealed partial class ProviderGrain
{
    /// <summary>Rows that are read for one page at most: what is no act of administration, such as who shares, stands between those that are.</summary>
    private const int RowsReadMax = 2_000, RowsAtOnce = 250;

    public async Task<Outcome<AdministrativePage>> AdministrationAsync(Asker asker, long? before, int first)
    {
        if (!AdministrationRules.MayRead(State, Id, asker.Actor))
            return Refusal.NotFound("No such organisation.");
        if (first is < 1 or > Limits.PageSizeMax)
            return new Refusal(RefusalCode.Invalid, $"A page has 1 to {Limits.PageSizeMax} lines.", "first");
        if (await IsEndedAsync(asker))
            return TokenRules.TokenEnded;
        List<AdministrativeLine> lines = [];
        var from = before ?? long.MaxValue;
        for (var read = 0; HasStream && read < RowsReadMax;)
        {
            var rows = await Services.Journal.PageAsync(Stream, EntryKind.Change, from, RowsAtOnce, CancellationToken.None);
            foreach (var row in rows)
            {
                from = row.Version;
                if (AdministrationRules.LineOf(Open(row), row.Version) is not { } line)
                    continue;
                lines.Add(line);
                if (lines.Count == first)
                    return new AdministrativePage(lines, from > 1 ? from : null);
            }
            if (rows.Count < RowsAtOnce)
                return new AdministrativePage(lines, null);
            read += rows.Count;
        }
        return new AdministrativePage(lines, HasStream ? from : null);
    }

    public Task<Outcome<TokenEpoch>> NoteActAsync(NoteAct command) => DecidedAsync(AdministrationRules.Note(State, Id, command, Now), () => State.Accounts.Tokens);

    public async Task<Outcome<AuditorLook>> NoteLookAsync(Asker asker, string what)
    {
        if (Id != Installation.Id || asker.Actor.Kind is not (ActorKind.Auditor or ActorKind.Operator))
            return Refusal.NotFound("No such installation.");
        var looked = new AuditorLooked(Now, asker.Actor, what.Length > Limits.CodeLengthMax ? what[..Limits.CodeLengthMax] : what);
        // The installation's stream may begin with a look.
        await EnsureStreamAsync();
        return new AuditorLook(await AppendLineAsync(looked), looked.At, looked.By, looked.What);
    }

    public async Task<Outcome<IReadOnlyList<AuditorLook>>> AuditTrailAsync(Asker asker, long? before, int first)
    {
        if (Id != Installation.Id || asker.Actor.Kind is not (ActorKind.Operator or ActorKind.Auditor))
            return Refusal.NotFound("No such installation.");
        if (first is < 1 or > Limits.PageSizeMax)
            return new Refusal(RefusalCode.Invalid, $"A page has 1 to {Limits.PageSizeMax} lines.", "first");
        if (!HasStream)
            return new Outcome<IReadOnlyList<AuditorLook>>([], null);
        var rows = await Services.Journal.PageAsync(Stream, EntryKind.Access, before ?? long.MaxValue, first, CancellationToken.None);
        return new Outcome<IReadOnlyList<AuditorLook>>([.. from row in rows let looked = (AuditorLooked)Open(row) select new AuditorLook(row.Version, looked.At, looked.By, looked.What)], null);
    }
}
