using System.Globalization;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Governance;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Signing;
using Hrms.Ledger.Wire;

namespace Hrms.BesuKit;

/// <summary>What a member decides with the others and does with its own lanes, by its account's key file. Run where that key is: never on a silo.</summary>
public static class Governance
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);
    private static readonly string[] Commands = ["deploy", "lane-key", "consortium", "propose", "approve", "rotate"];

    public static bool Knows(string[] arguments) => arguments.Length > 0 && Commands.Contains(arguments[0]);

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            var tokenFile = arguments is [.., "--token-file", var file] ? file : null;
            await RunAsync(tokenFile is null ? arguments : arguments[..^2], tokenFile, output, cancellationToken);
            return 0;
        }
        catch (UsageException)
        {
            await errors.WriteLineAsync(KitProgram.Usage);
            return 2;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException or LaneKeysException or ConsortiumRefusedException
            or LedgerUnavailableException or RpcErrorException)
        {
            await errors.WriteLineAsync(fault.Message);
            return 1;
        }
    }

    private static async Task RunAsync(string[] arguments, string? tokenFile, TextWriter output, CancellationToken cancellationToken)
    {
        if (arguments is ["lane-key", var keys, var number])
        {
            await output.WriteLineAsync($"account {LaneKeyFile.AddSuccessor(keys, Lane(number))}");
            return;
        }
        if (arguments is ["deploy", var deployer, var node, .. { Length: > 0 } founders])
        {
            using var pool = Pool(node, tokenFile);
            var made = await ConsortiumClient.DeployAsync(pool, Key(deployer), [.. founders.Select(Account)], cancellationToken);
            await output.WriteLineAsync($"consortium  {made.Contracts.Consortium}\nledger      {made.Contracts.Ledger}\npatientKeys {made.Contracts.PatientKeys}");
            return;
        }
        if (arguments is ["consortium", var rpc, var consortium])
        {
            using var pool = Pool(rpc, tokenFile);
            await ShowAsync(new ConsortiumClient(pool, Account(consortium)), output, cancellationToken);
            return;
        }
        if (arguments is not [var command, var keyFile, var url, var contract, .. { Length: > 0 } words])
            throw new UsageException();
        using var nodes = Pool(url, tokenFile);
        await ActAsync(new ConsortiumClient(nodes, Account(contract)), Key(keyFile), [command, .. words], output, cancellationToken);
    }

    private static async Task ActAsync(ConsortiumClient client, SigningKey member, string[] what, TextWriter output, CancellationToken cancellationToken)
    {
        if (what is ["rotate", var rotated, var writer, var overlap] && uint.TryParse(overlap, CultureInfo.InvariantCulture, out var seconds))
        {
            await client.RotateAsync(member, Lane(rotated), Account(writer), seconds, cancellationToken);
            await output.WriteLineAsync($"lane {rotated} is written by {writer}{(seconds == 0 ? "" : $"; the key before still writes for {seconds} s")}");
            return;
        }
        var proposal = await (what switch
        {
            ["propose", "admit", var account] => client.AdmitAsync(member, Account(account), cancellationToken),
            ["propose", "remove", var account] => client.RemoveAsync(member, Account(account), cancellationToken),
            ["propose", "assign", var lane, var owner] => client.AssignAsync(member, Lane(lane), Account(owner), null, cancellationToken),
            ["propose", "assign", var lane, var owner, var first] => client.AssignAsync(member, Lane(lane), Account(owner), Account(first), cancellationToken),
            ["propose", "pause", var lane] => client.PauseAsync(member, Lane(lane), true, cancellationToken),
            ["propose", "resume", var lane] => client.PauseAsync(member, Lane(lane), false, cancellationToken),
            ["approve", var number] when ulong.TryParse(number, CultureInfo.InvariantCulture, out var id) => client.ApproveAsync(member, id, cancellationToken),
            _ => throw new UsageException(),
        });
        await output.WriteLineAsync(
            $"proposal {proposal.Number}: {(proposal.IsExecuted ? "done" : $"{proposal.Approvals} approve; open until {proposal.Deadline:u}")}");
    }

    private static async Task ShowAsync(ConsortiumClient client, TextWriter output, CancellationToken cancellationToken)
    {
        var members = await client.MembersAsync(cancellationToken);
        var lanes = await client.LanesAsync(cancellationToken);
        await output.WriteLineAsync($"ledger      {client.Contracts.Ledger}\npatientKeys {client.Contracts.PatientKeys}");
        foreach (var member in members)
            await output.WriteLineAsync($"member      {member}");
        foreach (var lane in lanes)
            await output.WriteLineAsync(
                $"lane {lane.Lane} of {lane.Member}: written by {lane.Writer}, {lane.Last} batches{(lane.IsPaused ? ", paused" : "")}"
                + (lane.PreviousUntil == DateTimeOffset.UnixEpoch ? "" : $"; before by {lane.Previous}, until {lane.PreviousUntil:u}"));
    }

    private static NodePool Pool(string url, string? tokenFile) =>
        Uri.TryCreate(url, UriKind.Absolute, out var node) ? new NodePool([node], CallTimeout, tokenFile) : throw new FormatException($"'{url}' is no node's address.");

    private static Address Account(string text) => Address.TryParse(text, out var account) ? account : throw new FormatException($"'{text}' is no account: 0x and 40 hexadecimal digits.");

    private static int Lane(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var lane) ? lane : throw new FormatException($"'{text}' is no lane's number.");

    private static SigningKey Key(string path) => Hex.TryParse(File.ReadAllText(path).Trim(), out var secret) && SigningKey.IsValid(secret)
        ? new SigningKey(secret)
        : throw new FormatException($"{path} holds no key as 'kit key' makes it.");

    private sealed class UsageException : Exception;
}
