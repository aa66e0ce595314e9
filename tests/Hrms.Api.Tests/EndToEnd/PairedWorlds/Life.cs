using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd.PairedWorlds;

/// <summary>
/// What one patient has and decided, drawn by chance and independent of any server: the same commands with the same ids, so that two servers that are told the same
/// give the same ids.
/// </summary>
public sealed class Life
{
    private static readonly DataClass[] Classes = [DataClass.Laboratory, DataClass.Medications, DataClass.Conditions, DataClass.Encounters];
    private readonly Random _random;

    public Life(Random random)
    {
        _random = random;
        Registration = Command();
        Records = [.. Enumerable.Range(0, random.Next(3, 12)).Select(_ => Record())];
        Arriving = [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => Record())];
        Grants = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => (Command(), Wish(permit: i == 0)))];
        Blocked = [.. Enumerable.Range(0, Records.Count).Where(_ => random.Next(5) == 0)];
        Purpose = random.Next(3) == 0 ? PurposeOfUse.HRESCH : PurposeOfUse.TREAT;
    }

    public Guid Registration { get; }

    public PurposeOfUse Purpose { get; }

    public IReadOnlyList<(Guid Command, JsonElement Resource)> Records { get; }

    /// <summary>What comes in while the asker listens.</summary>
    public IReadOnlyList<(Guid Command, JsonElement Resource)> Arriving { get; }

    /// <summary>Consents without a name of a single record; <c>grantee</c> is the asker, the asker's organisation or anybody.</summary>
    public IReadOnlyList<(Guid Command, Func<Guid, Guid, Guid, Guid, object> Input)> Grants { get; }

    /// <summary>Which records are blocked one by one.</summary>
    public IReadOnlyList<int> Blocked { get; }

    public Guid Command()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private (Guid, JsonElement) Record()
    {
        var at = Day();
        return (Command(), _random.Next(6) switch
        {
            0 => Clinic.Prescription(at),
            1 => Clinic.Stay(at),
            2 => Clinic.Finding("http://snomed.info/sct", "86406008", "Human immunodeficiency virus infection"),
            3 => Clinic.Diagnosis(),
            4 => Clinic.LabResult(at, label: "PSY"),
            _ => Clinic.LabResult(at, percent: _random.Next(40, 99) / 10.0),
        });
    }

    private Func<Guid, Guid, Guid, Guid, object> Wish(bool permit)
    {
        var (type, grantee) = (!permit && _random.Next(3) == 0 ? ProvisionType.Deny : ProvisionType.Permit, _random.Next(3));
        var (classes, labels) = (Some(Classes, least: grantee == 2 ? 1 : 0), !permit && _random.Next(4) == 0 ? new[] { "HIV" } : []);
        string? from = _random.Next(4) == 0 ? Day() : null, until = from is null && _random.Next(4) == 0 ? Day() : null;
        var except = _random.Next(3) == 0 ? new object[] { new { type = type == ProvisionType.Permit ? ProvisionType.Deny : ProvisionType.Permit, data = new { classes = Some(Classes, least: 1) } } } : [];
        PurposeOfUse[] purposes = _random.Next(2) == 0 ? [] : [PurposeOfUse.TREAT];
        return (command, patient, practitioner, organization) => new
        {
            commandId = command,
            patient,
            type,
            grantee = grantee switch { 0 => (object)new { practitioner }, 1 => new { organization }, _ => new { anyone = true } },
            purposes,
            data = new { classes, labels, from, until },
            exceptions = except,
            impactAcknowledged = true,
        };
    }

    private DataClass[] Some(DataClass[] all, int least = 0) => [.. all.OrderBy(_ => _random.Next()).Take(_random.Next(least, all.Length))];

    private string Day() => new DateTime(2025, 1, 1, 8, 0, 0, DateTimeKind.Utc).AddDays(_random.Next(300)).ToString("s") + "Z";
}
