using System.CommandLine;
using Hrms.Load.Reports;

namespace Hrms.Load.Running;

/// <summary><c>authority</c>: an identity server for API processes that are to be measured, and for nothing else: whoever has its folder makes tokens for anybody.</summary>
internal static class AuthorityCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Gets the key; scenarios are told it by --data, too.", Required = true };
        var url = new Option<string>("--urls") { Description = "Where to listen: what the API processes have as Hrms__Authority, with Hrms__AuthorityOverTls=false.", DefaultValueFactory = _ => "http://127.0.0.1:5070" };
        var command = new Command("authority", "An identity server for API processes of their own that are to be measured. Whoever has its folder makes tokens for anybody: never for a system with people in it.") { data, url };
        command.SetAction((parsed, stop) =>
        {
            var line = new ProgressLine();
            return RunGuard.RunAsync(line, stop, async () =>
            {
                await using var authority = await TokenAuthority.StartAsync(Path.GetFullPath(parsed.GetValue(data)!), parsed.GetValue(url)!);
                // A key that nobody has used yet is made now: scenarios look for it.
                _ = authority.Issuer.Key;
                line.Say($"authority ready: {authority.Url}");
                await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return RunGuard.Held;
            });
        });
        return command;
    }
}
