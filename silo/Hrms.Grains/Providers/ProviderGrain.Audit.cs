using Hrms.Contracts;
using Hrms.Domain.Ports;
using Hrms.Domain.Providers;

namespace Hrms.Grains.Providers;

/// <summary>Of the installation's own stream: what auditors looked at.</summary>
public sealed partial class ProviderGrain
{
    public async Task<Outcome<AuditorLook>> NoteLookAsync(Asker asker, string what)
    {
        if (Id != Installation.Id || asker.Actor.Kind != ActorKind.Auditor)
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
