using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd.Export;

/// <summary>Records and consents drawn by chance.</summary>
internal static class ExportWorld
{
    private static readonly DataClass[] Classes = [DataClass.Laboratory, DataClass.Medications, DataClass.Conditions, DataClass.Encounters];
    private static readonly string[] Labels = ["HIV", "PSY", "R"];

    public static JsonElement Record(Random random)
    {
        var at = new DateTime(2025, 1, 1, 8, 0, 0, DateTimeKind.Utc).AddDays(random.Next(300)).ToString("s") + "Z";
        return random.Next(5) switch
        {
            0 => Clinic.Prescription(at),
            1 => Clinic.Stay(at),
            2 => Clinic.Diagnosis(),
            3 => Clinic.LabResult(at, label: Labels[random.Next(Labels.Length)]),
            _ => Clinic.LabResult(at),
        };
    }

    public static object Consent(Random random, Patient ana, Provider drLee, Provider hospital, IReadOnlyList<Guid> records, bool anyAction)
    {
        var (type, grantee) = (random.Next(4) == 0 ? ProvisionType.Deny : ProvisionType.Permit, random.Next(3));
        var actions = anyAction || random.Next(2) == 0 ? [] : Some(random, [AccessAction.View, AccessAction.Query, AccessAction.Export], 1);
        return new
        {
            commandId = Guid.NewGuid(),
            patient = ana.Id,
            type,
            grantee = grantee switch { 0 => (object)new { practitioner = drLee.Id }, 1 => new { organization = hospital.Id }, _ => new { anyone = true } },
            purposes = random.Next(2) == 0 ? Array.Empty<string>() : ["TREAT"],
            actions,
            data = random.Next(4) == 0 ? new { records = Some(random, [.. records], 1) } : Data(random, least: grantee == 2 ? 1 : 0),
            exceptions = random.Next(3) == 0 ? new[] { new { type = type == ProvisionType.Permit ? ProvisionType.Deny : ProvisionType.Permit, data = Data(random, least: 1) } } : [],
            impactAcknowledged = true,
        };
    }

    /// <summary>What the patient is told of whether a record may be taken away.</summary>
    public static async Task<bool> IsToldAsync(Patient ana, Provider drLee, PurposeOfUse purpose, Guid record) => (await ana.AsksAsync(
        "query($id: ID!, $input: ExplainInput!) { patient(id: $id) { explain(input: $input) { permitted } } }",
        new { id = ana.Id, input = new { who = new { practitioner = drLee.Id }, purpose, action = AccessAction.Export, record } })).Patient.GetProperty("explain").GetProperty("permitted").GetBoolean();

    private static object Data(Random random, int least) => random.Next(3) == 0 ? new { labels = Some(random, Labels, 1) } : new { classes = Some(random, Classes, least) };

    private static T[] Some<T>(Random random, T[] all, int least) => [.. all.OrderBy(_ => random.Next()).Take(random.Next(least, all.Length + 1))];
}
