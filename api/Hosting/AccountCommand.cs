using System.CommandLine;
using Hrms.Api.Identity.Accounts;
using Hrms.Contracts;
using Hrms.Storage.Keys;

namespace Hrms.Api.Hosting;

/// <summary>
/// <c>account --operator &lt;mail&gt;</c>: invites an operator or an auditor of this installation, and prints the link. At the machine alone: whoever has the key file runs the
/// installation, and no account makes another of its kind by the network.
/// </summary>
public static class AccountCommand
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);

    public static Command Create()
    {
        var data = DataFolder.Option();
        var isOperator = new Option<string?>("--operator") { Description = "The e-mail address of a person who is to run this installation." };
        var auditor = new Option<string?>("--auditor") { Description = "The e-mail address of a person who is to audit it." };
        var keyFile = new Option<string?>("--key-file") { Description = "The accounts' key file; by default the one of the data folder." };
        var url = new Option<string>("--url")
        {
            Description = "The address of this installation's pages.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(EmbeddedComposition.PublicUrlVariable) is { Length: > 0 } known ? known : "http://localhost:5080",
        };
        var command = new Command("account", "Print a link by which an operator or an auditor makes an account: good once, for an hour.") { data, isOperator, auditor, keyFile, url };
        command.SetAction(parsed =>
        {
            var (kind, mail) = (parsed.GetValue(isOperator), parsed.GetValue(auditor)) switch
            {
                ({ } wanted, null) => (InvitationKind.Operator, wanted),
                (null, { } wanted) => (InvitationKind.Auditor, wanted),
                _ => default,
            };
            if (mail?.Contains('@') != true)
            {
                Console.Error.WriteLine("Name one address: --operator name@example.org, or --auditor name@example.org.");
                return 2;
            }
            if (!Uri.TryCreate(parsed.GetValue(url), UriKind.Absolute, out var pages))
            {
                Console.Error.WriteLine($"--url {parsed.GetValue(url)} is no address such as https://records.example.");
                return 2;
            }
            var file = parsed.GetValue(keyFile) ?? Path.Combine(DataFolder.Resolve(parsed.GetValue(data)), "keys", "identity.json");
            Console.WriteLine(LinkFor(kind, mail, file, pages, TimeProvider.System));
            return 0;
        });
        return command;
    }

    internal static Uri LinkFor(InvitationKind kind, string mail, string keyFile, Uri url, TimeProvider clock)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(keyFile))!);
        var code = new InvitationCode(new InvitationId(Guid.NewGuid()), kind, Installation.Id, null, mail, clock.GetUtcNow() + GoodFor);
        return code.LinkAt(url, new FileKeyWrap(new FileKeyVault(keyFile, new SystemEntropy())));
    }
}
