using System.CommandLine;
using System.Security.Claims;
using Hrms.Api.Hosting;
using Hrms.Contracts;

namespace Hrms.Api.Auth;

/// <summary><c>token --patient &lt;id&gt;</c> and its kin: prints a development token for a person at a terminal.</summary>
public static class TokenCommand
{
    public static Command Create()
    {
        var data = DataFolder.Option();
        var patient = Id("--patient", "The patient to act as.");
        var onBehalfOf = Id("--on-behalf-of", "The patient for whom --patient acts, as a delegate.");
        var practitioner = Id("--practitioner", "The practitioner to act as.");
        var organization = Id("--organization", "The organisation to act as.");
        var isOperator = new Option<bool>("--operator") { Description = "Act as an operator, who registers patients and providers." };
        var scope = new Option<string?>("--scope") { Description = $"What the token is good for: SMART scopes such as \"patient/Observation.rs\"; by default {TokenScope.Account}, all that the party may do." };
        var purpose = new Option<string?>("--purpose") { Description = "Pin the purpose of use: an HL7 code such as TREAT or HRESCH, or system|code." };
        var minutes = new Option<int>("--minutes") { Description = "How long the token is good for.", DefaultValueFactory = _ => 480 };
        minutes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1440)
                result.AddError("--minutes is 1 to 1440.");
        });
        var command = new Command("token", "Print a bearer token of the development issuer (embedded mode only).")
        {
            data, patient, onBehalfOf, practitioner, organization, isOperator, scope, purpose, minutes,
        };
        command.SetAction(parsed =>
        {
            var claims = Claims(
                parsed.GetValue(patient), parsed.GetValue(practitioner), parsed.GetValue(organization), null, parsed.GetValue(isOperator),
                parsed.GetValue(onBehalfOf), parsed.GetValue(scope) ?? TokenScope.Account);
            if (claims is null)
            {
                Console.Error.WriteLine("Name one: --patient <id> (with --on-behalf-of <id> as a delegate), --practitioner <id>, --organization <id>, or --operator.");
                return 2;
            }
            if (parsed.GetValue(purpose) is { } pinned)
            {
                if (!PurposeOfUse.TryParse(pinned, out _))
                {
                    Console.Error.WriteLine($"--purpose {pinned} is no purpose of use. Name one of {string.Join(", ", PurposeOfUse.OfHl7)}, or system|code of another code system.");
                    return 2;
                }
                claims.Add(new Claim(HrmsClaims.PurposeOfUse, pinned));
            }
            var issuer = new DevelopmentIssuer(DataFolder.Resolve(parsed.GetValue(data)));
            Console.WriteLine(issuer.Issue(claims, TimeSpan.FromMinutes(parsed.GetValue(minutes)), TimeProvider.System));
            return 0;
        });
        return command;
    }

    /// <summary>The claims of exactly one role; null when none or several are named, or somebody else than a patient acts on behalf of one.</summary>
    /// <param name="device">A device has a role for whoever issues tokens to devices elsewhere. Here such a token opens nothing: what devices send is signed.</param>
    public static List<Claim>? Claims(
        Guid? patient, Guid? practitioner, Guid? organization, Guid? device, bool isOperator, Guid? onBehalfOf = null, string scope = TokenScope.Account) =>
        Party(patient, practitioner, organization, device, isOperator, onBehalfOf) is { } claims ? [.. claims, new Claim(HrmsClaims.Scope, scope)] : null;

    private static List<Claim>? Party(Guid? patient, Guid? practitioner, Guid? organization, Guid? device, bool isOperator, Guid? onBehalfOf) =>
        (patient, practitioner, organization, device, isOperator) switch
        {
            ({ } p, null, null, null, false) when onBehalfOf is { } ward => Of(HrmsRoles.Patient, p, (HrmsClaims.Patient, p), (HrmsClaims.OnBehalfOf, ward)),
            _ when onBehalfOf is not null => null,
            ({ } p, null, null, null, false) => Of(HrmsRoles.Patient, p, (HrmsClaims.Patient, p)),
            (null, { } p, null, null, false) => Of(HrmsRoles.Practitioner, p, (HrmsClaims.Practitioner, p)),
            (null, null, { } o, null, false) => Of(HrmsRoles.Organization, o, (HrmsClaims.Organization, o)),
            ({ } p, null, null, { } d, false) => Of(HrmsRoles.Device, d, (HrmsClaims.Device, d), (HrmsClaims.Patient, p)),
            (null, null, null, null, true) => Of(HrmsRoles.Operator, Guid.NewGuid()),
            _ => null,
        };

    private static List<Claim> Of(string role, Guid subject, params IEnumerable<(string Name, Guid Id)> ids) =>
        [new Claim("sub", subject.ToString("D")), new Claim(HrmsClaims.Role, role), .. ids.Select(id => new Claim(id.Name, id.Id.ToString("D")))];

    private static Option<Guid?> Id(string name, string description) => new(name) { Description = description };
}
