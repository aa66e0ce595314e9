using System.Security.Cryptography;
using System.Text.Json;
using Hrms.Api.Auth;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Identity;
using Hrms.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using static System.Guid;

namespace Hrms.Api.Tests.Access;

/// <summary>Somebody who calls, by the name of their column.</summary>
/// <param name="Token">Null: none is sent.</param>
/// <param name="IsKnown">Whether the token is good: then its person signs in again before each command, so that none is refused for an old sign-in.</param>
public sealed record Caller(string Name, string? Token, bool IsKnown = true);

/// <summary>
/// One patient with something of everything, and everybody who could come to her: with a right, with one of before, with none, with no good token. Each value that an operation
/// may be asked with is one that means something here.
/// </summary>
public sealed class AccessWorld
{
    private readonly Dictionary<string, object?> _values = [];

    private AccessWorld(Patient ana) => Ana = ana;

    public Patient Ana { get; }

    /// <summary>A patient who never existed.</summary>
    public Guid Nobody { get; } = NewGuid();

    /// <summary>Ana's watch, which signs what it sends.</summary>
    public Device Watch { get; private set; } = null!;

    /// <summary>The owner last: what a command changes, it changes for those who may not call it in vain.</summary>
    public IReadOnlyList<Caller> Callers { get; private set; } = [];

    /// <param name="owner">Whose record it is; null: a new patient's.</param>
    public static async Task<AccessWorld> MakeAsync(HrmsFixture hrms, Patient? owner = null)
    {
        var world = new AccessWorld(owner ?? await hrms.PatientAsync());
        var ana = world.Ana;
        var (guardian, stranger, gone) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PatientAsync());
        var (clinic, other, closing) = (await hrms.OrganizationAsync(), await hrms.OrganizationAsync("County Hospital"), await hrms.OrganizationAsync("Closing Down"));
        var (lee, late, former, researcher, elsewhere, spare, breaker, thorough) = (
            await hrms.PractitionerAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync(),
            await hrms.PractitionerAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var grains = (await hrms.HostAsync()).Services.GetRequiredService<IGrainFactory>();
        var (invitation, administrator, auditor) = (await grains.AdmitAsync(clinic.Id), NewGuid(), NewGuid());
        await grains.Grain<IProviderGrain>(clinic.Id).AcceptInvitationAsync(new AcceptInvitation(invitation.Id, invitation.Kind, administrator));
        await grains.Grain<IProviderGrain>(Installation.Id.Value).NoteLookAsync(new Asker(new Actor(ActorKind.Auditor, auditor), PurposeOfUse.HOPERAT), "everything");
        await clinic.HasMemberAsync(lee);
        await other.HasMemberAsync(elsewhere);

        var lab = await ana.AddsAsync(Clinic.LabResult());
        var pills = await ana.AddsAsync(Clinic.Prescription());
        var diagnosis = await ana.AddsAsync(Clinic.Diagnosis());
        var watch = await ana.EnrolsDeviceAsync();
        await watch.UploadsAsync("""{"samples":[{"kind":"heart-rate","time":"2026-01-01T00:00:00Z","value":60,"unit":"/min"}]}""", "batch-1");
        world.Watch = watch;
        await ana.LabelsAsync(diagnosis, "R");
        await ana.AppointsAsync(guardian, DelegateLevel.Full);
        var treats = new Terms { Classes = [DataClass.Laboratory], Purposes = [PurposeOfUse.TREAT] };
        var given = await ana.GrantsAsync(lee, treats);
        await ana.GrantsAsync(late, treats with { ValidUntil = hrms.Clock.GetUtcNow().AddMinutes(1) });
        await ana.RevokesAsync(await ana.GrantsAsync(former, treats));
        await ana.GrantsAsync(researcher, treats);
        var taken = await ana.GrantsAsync(spare, DataClass.Conditions);
        var (request, refused, withdrawn) = (await clinic.RequestsAsync(ana, treats), await clinic.RequestsAsync(ana, treats), await clinic.RequestsAsync(ana, treats));
        var glass = await breaker.BreaksGlassAsync(ana);
        await lee.SeesAsync(ana);
        var certificate = (await gone.ErasesAsync()).GetProperty("id").GetGuid();
        hrms.Clock.Advance(TimeSpan.FromMinutes(2));
        var own = (await ana.AsksAsync("query($id: ID!) { patient(id: $id) { consents { id resource } consentTemplates { code } delegations { id } } }", new { id = ana.Id })).Patient;

        world.Callers =
        [
            new("delegate", (await hrms.ActingForAsync(guardian, ana)).Token), new("other patient", stranger.Token), new("practitioner", lee.Token), new("grant expired", late.Token),
            new("grant revoked", former.Token), new("other purpose", await hrms.TokenAsync(practitioner: researcher.Id, purpose: PurposeOfUse.HRESCH)),
            new("other organisation", elsewhere.Token), new("organisation", clinic.Token),
            new("organisation administrator", await hrms.TokenOfStaffAsync(HrmsRoles.Administrator, administrator, clinic.Id)),
            new("operator", (await hrms.OperatorAsync()).Token), new("auditor", await hrms.TokenOfStaffAsync(HrmsRoles.Auditor, auditor)), new("device", watch.Token),
            new("app", (await hrms.AppOfAsync(ana, "patient/Observation.rs")).Token), new("anonymous", null, false), .. await BadAsync(hrms, ana), new("owner", ana.Token),
        ];
        world.Know(new()
        {
            ["record"] = lab, ["id"] = lab, ["Query.provider.id"] = lee.Id, ["Query.erasureCertificate.id"] = certificate, ["reference"] = $"Observation/{lab}", ["consent"] = given.Id,
            ["RevokeConsentInput.consent"] = taken.Id, ["BlockRecordInput.record"] = diagnosis, ["GrantConsentResourceInput.consent"] = ResourceOf(own, given.Id),
            ["template"] = own.GetProperty("consentTemplates")[0].GetProperty("code").GetString(), ["request"] = request, ["RefuseConsentRequestInput.request"] = refused, ["WithdrawConsentRequestInput.request"] = withdrawn, ["glass"] = glass,
            ["delegation"] = own.GetProperty("delegations")[0].GetProperty("id").GetGuid(), ["EndDelegationInput.delegation"] = NewGuid(), ["resource"] = Clinic.LabResult(),
            ["bundle"] = Clinic.Bundle(Clinic.LabResult()), ["grantee"] = new { practitioner = spare.Id }, ["RequestConsentInput.grantee"] = new { practitioner = lee.Id }, ["who"] = new { practitioner = lee.Id }, ["practitioner"] = lee.Id,
            ["organization"] = clinic.Id, ["Query.glassReviews.organization"] = null, ["delegate"] = NewGuid(), ["purpose"] = "TREAT", ["kind"] = "HEART_RATE",
            ["RegisterProviderInput.kind"] = "PRACTITIONER", ["from"] = "2025-12-31T00:00:00Z", ["until"] = "2026-01-02T00:00:00Z", ["streamVersion"] = 2, ["lane"] = 0,
            ["OperateLaneInput.reason"] = "", ["label"] = "HIV", ["why"] = "By mistake.", ["name"] = "Somebody", ["note"] = "Seen the notes", ["message"] = "We plan your operation.",
            ["reason"] = "Unconscious", ["minutes"] = 5, ["expectedVersion"] = 99, ["optedOut"] = false, ["policy"] = "DENY", ["member"] = true, ["level"] = "VIEW",
            ["role"] = "REPRESENTATIVE", ["ChangeMembershipInput.role"] = null, ["finding"] = "JUSTIFIED", ["identifierSystem"] = "urn:test:matrix", ["system"] = "urn:test:registry",
            ["identifierValue"] = "matrix", ["value"] = "nobody", ["proof"] = "{}", ["AppointDelegateInput.until"] = null, ["Patient.accessHistoryExport.from"] = null,
            ["Patient.accessHistoryExport.until"] = null,
            ["device"] = (await ana.RegistersDeviceAsync("Scale")).Id, ["credentialId"] = "AAAA", ["publicKey"] = "AAAA", ["patientKey"] = NewGuid(), ["expiresAt"] = hrms.Clock.GetUtcNow().AddDays(30), ["version"] = 1,
            ["administratorEmail"] = "administrator@example.org", ["email"] = "somebody@example.org", ["invitation"] = invitation.Id.Value, ["account"] = NewGuid(), ["provider"] = thorough.Id, ["app"] = "diary",
            ["ExcludeOrganizationInput.organization"] = closing.Id, ["body"] = thorough.Id, ["form"] = "WRITTEN", ["official"] = "Inspector Roe", ["statement"] = "File 7/2026",
            ["statedAt"] = hrms.Clock.GetUtcNow(), ["SuspendDisclosuresInput.until"] = hrms.Clock.GetUtcNow().AddDays(30),
            ["assertion"] = new { authenticatorData = "AAAA", clientDataJSON = "AAAA", signature = "AAAA" },
            // What nobody but the patient and her delegate may find.
            ["withheld"] = pills, ["withheld.reference"] = $"MedicationRequest/{pills}", ["withheld.after"] = $"{new DateTimeOffset(2025, 3, 2, 8, 0, 0, TimeSpan.Zero).Ticks}:{pills:N}",
        });
        return world;
    }

    /// <summary>The value of an argument or of a member of an input; the more exact name counts.</summary>
    public bool TryValue(string owner, string name, out object? value)
    {
        value = name == "commandId" ? NewGuid() : null;
        return name == "commandId" || _values.TryGetValue($"{owner}.{name}", out value) || _values.TryGetValue(name, out value);
    }

    public object? Value(string name) => _values[name];

    private void Know(Dictionary<string, object?> values)
    {
        foreach (var (name, value) in values)
            _values.Add(name, value);
    }

    private static JsonElement ResourceOf(JsonElement patient, Guid consent) =>
        patient.GetProperty("consents").EnumerateArray().Single(one => one.GetProperty("id").GetGuid() == consent).GetProperty("resource");

    private static async Task<IEnumerable<Caller>> BadAsync(HrmsFixture hrms, Patient ana)
    {
        var key = (await hrms.HostAsync()).Services.GetRequiredService<DevelopmentIssuer>().Key;
        return
        [
            new("forged", Token(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256))), false), new("token expired", Token(key, expires: -1), false),
            new("wrong audience", Token(key, "urn:hrms:elsewhere"), false),
        ];

        string Token(SecurityKey signedBy, string audience = DevelopmentIssuer.Audience, int expires = 1)
        {
            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            return new System.IdentityModel.Tokens.Jwt.JwtSecurityTokenHandler { OutboundClaimTypeMap = new Dictionary<string, string>() }.WriteToken(
                new System.IdentityModel.Tokens.Jwt.JwtSecurityToken(
                    DevelopmentIssuer.Issuer, audience, TokenCommand.Claims(ana.Id, null, null, null, false)!, now.AddHours(-2), now.AddHours(expires),
                    new SigningCredentials(signedBy, SecurityAlgorithms.EcdsaSha256)));
        }
    }
}
