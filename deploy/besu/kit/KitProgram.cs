using System.Globalization;
using System.Security.Cryptography;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Signing;

namespace Hrms.BesuKit;

/// <summary>Keys, genesis, lists and tokens of a Besu network. A class of its own so that tests can run it. Never overwrites a file.</summary>
public static class KitProgram
{
    public const string Usage =
        """
        Makes what a Besu network of the ledger needs. Besu itself comes from its own distribution.

          hrms-besu-kit key <folder>                                  a node's new key; prints its public key and address
          hrms-besu-kit network <members.json> <folder>               genesis, node settings, static nodes and permissions, from the members' list
          hrms-besu-kit rpc-keys <folder>                             the key pair for tokens: rpc-private.pem, rpc-public.pem
          hrms-besu-kit token <rpc-private.pem> <hours> [--admin]     prints a token for calls to a node
          hrms-besu-kit trial <folder> <qbft|ibft2> <seconds> [<writer>...]   all of it for four validators on one machine (compose.yaml)

        What the members govern. <key> is the file of a member's account, made by 'key'; --token-file <file> at the end for nodes that ask for a token.

          hrms-besu-kit deploy <key> <rpc> <founder>...               deploys the contracts; prints their addresses
          hrms-besu-kit consortium <rpc> <consortium>                 members, lanes and who writes to them
          hrms-besu-kit propose <key> <rpc> <consortium> admit|remove <account>
          hrms-besu-kit propose <key> <rpc> <consortium> assign <lane> <member> [<writer>]
          hrms-besu-kit propose <key> <rpc> <consortium> pause|resume <lane>
          hrms-besu-kit approve <key> <rpc> <consortium> <proposal>   done with the approval that makes a majority
          hrms-besu-kit lane-key <lanes.json> <lane>                  adds a key for the silo's lane of this number to its key file; prints the account
          hrms-besu-kit rotate <key> <rpc> <consortium> <lane> <account> <overlap seconds>    gives an own lane of the ledger another key

        Exit codes: 0 done, 1 refused (a file is there or misshapen; the contract or the node refuses), 2 arguments.
        """;

    public static int Run(string[] arguments, TextWriter output, TextWriter errors)
    {
        try
        {
            switch (arguments)
            {
                case ["key", var folder]:
                    var key = NewKey(folder);
                    output.WriteLine($"publicKey {Hex.Of(key.PublicKey)}\naddress   {key.Address}");
                    return 0;
                case ["network", var members, var folder]:
                    WriteNetwork(Members.Read(File.ReadAllText(members)), folder);
                    return 0;
                case ["rpc-keys", var folder]:
                    WriteRpcKeys(folder, folder);
                    return 0;
                case ["token", var pem, var hours] when int.TryParse(hours, CultureInfo.InvariantCulture, out var count) && count > 0:
                    output.WriteLine(Token(pem, count, administers: false));
                    return 0;
                case ["token", var pem, var hours, "--admin"] when int.TryParse(hours, CultureInfo.InvariantCulture, out var count) && count > 0:
                    output.WriteLine(Token(pem, count, administers: true));
                    return 0;
                case ["trial", var folder, var consensus, var seconds, ..] when int.TryParse(seconds, CultureInfo.InvariantCulture, out var period):
                    Trial(folder, consensus, period, [.. arguments.Skip(4)]);
                    return 0;
                default:
                    errors.WriteLine(Usage);
                    return 2;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            errors.WriteLine(fault.Message);
            return 1;
        }
    }

    private static string Token(string pemFile, int hours, bool administers) =>
        RpcAccess.Token(File.ReadAllText(pemFile), TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(hours), administers);

    private static void Trial(string folder, string consensus, int period, IReadOnlyList<string> writers)
    {
        var validators = Enumerable.Range(1, 4).Select(i => new Member(
            $"validator{i}", $"172.28.0.1{i}", 30303, Hex.Of(NewKey(Path.Combine(folder, "nodes", $"validator{i}")).PublicKey))).ToArray();
        var members = new Members(consensus, 20_260, period, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), validators, writers);
        WriteNetwork(Members.Read(members.Write()), Path.Combine(folder, "public"));
        WriteRpcKeys(folder, Path.Combine(folder, "public"));
        Write(Path.Combine(folder, "members.json"), members.Write());
    }

    private static SigningKey NewKey(string folder)
    {
        byte[] secret;
        do
            secret = RandomNumberGenerator.GetBytes(SigningKey.SizeBytes);
        while (!SigningKey.IsValid(secret));
        Write(Path.Combine(folder, "key"), Hex.Of(secret), secretly: true);
        return new SigningKey(secret);
    }

    private static void WriteNetwork(Members members, string folder)
    {
        foreach (var (name, text) in Network.Files(members))
            Write(Path.Combine(folder, name), text);
    }

    private static void WriteRpcKeys(string privateFolder, string publicFolder)
    {
        var (privatePem, publicPem) = RpcAccess.NewKeys();
        Write(Path.Combine(privateFolder, "rpc-private.pem"), privatePem, secretly: true);
        Write(Path.Combine(publicFolder, "rpc-public.pem"), publicPem);
    }

    private static void Write(string path, string text, bool secretly = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (secretly && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
