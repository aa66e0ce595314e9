using System.Text.Json;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Signing;
using Hrms.Ledger.Tests.Support;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Tests;

/// <summary>
/// Two implementations that are not ours, ethers and viem, are given the same keys and values and must come to the same bytes: signatures, hashes, senders,
/// contract addresses, call data, roles, error selectors, leaves and trees.
/// </summary>
public sealed class IndependentCheckTests(ITestOutputHelper output)
{
    [Fact, Trait("Feature", "43")]
    public async Task EthersAndViem_ComeToTheSameBytes()
    {
        var seed = Environment.TickCount;
        var chance = new SeededEntropy(seed);
        var vectors = MerkleVectors.Read();
        var input = JsonSerializer.Serialize(
            new
            {
                transactions = Enumerable.Range(0, 200).Select(i => Transaction(chance, i)),
                calls = Enumerable.Range(0, 10).SelectMany(_ => Calls(chance)),
                errors = ContractAbi.Errors.Select(signature => new { signature, selector = Hex.Of(AbiCall.Selector(signature)) }),
                leaves = vectors.Leaves.Where(InJavaScript),
                trees = vectors.Trees,
            }, JsonSerializerOptions.Web);
        var folder = Path.Combine(NodeProgram.Contracts, "abi");

        var (code, said, errors) = await NodeProgram.RunAsync(NodeProgram.Checkers, "check.mjs", input, folder);

        output.WriteLine($"seed {seed}: {said}");
        Assert.True(code == 0, errors);
        using var answer = JsonDocument.Parse(said);
        Assert.Equal(0, answer.RootElement.GetProperty("count").GetInt32());
        Assert.InRange(answer.RootElement.GetProperty("checked").GetInt32(), 1900, int.MaxValue);
    }

    /// <summary>JavaScript's numbers end at 2^53; the one vector beyond is left to C# and the contract.</summary>
    private static bool InJavaScript(LeafVector leaf) => leaf.Version < 1L << 53;

    private static object Transaction(SeededEntropy chance, int i)
    {
        var secret = chance.Bytes(32);
        var key = new SigningKey(secret);
        var to = i % 4 == 0 ? (Address?)null : new Address(chance.Bytes(20));
        ulong[] chains = [1, 20011, 31337, 4_000_000_000];
        var (nonce, gasLimit, data, chainId) = ((ulong)chance.Below(300), (ulong)(21_000 + chance.Below(16_000_000)), chance.Bytes(1 + chance.Below(400)), chains[i % 4]);
        var (signed, hash) = new LegacyTransaction(nonce, gasLimit, to, data).Sign(key, chainId);
        return new
        {
            key = Hex.Of(secret), address = key.Address.ToString(), nonce, gasLimit, to = to?.ToString(), data = Hex.Of(data), chainId,
            signed = Hex.Of(signed), hash = Hex.Of(hash), created = Address.OfContract(key.Address, nonce).ToString(),
        };
    }

    private static IEnumerable<object> Calls(SeededEntropy chance)
    {
        var (lane, number, root, leaf, nullifier) = (chance.Below(64), (long)chance.Below(int.MaxValue), chance.Bytes(32), chance.Bytes(32), chance.Bytes(32));
        var words = chance.Bytes(32 * chance.Below(12));
        string[] array = [.. words.Chunk(32).Select(word => Hex.Of(word))];
        var account = new Address(chance.Bytes(20));
        var (laneArgument, numberArgument) = (lane, number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        yield return Call("commit", HealthLedgerCalls.Commit(lane, number, root, words), laneArgument, numberArgument, Hex.Of(root), array);
        yield return Call("last", HealthLedgerCalls.Last(lane), laneArgument);
        yield return Call("rootOf", HealthLedgerCalls.RootOf(lane, number), laneArgument, numberArgument);
        yield return Call("isAnchored", HealthLedgerCalls.IsAnchored(leaf, words, lane, number), Hex.Of(leaf), array, laneArgument, numberArgument);
        yield return Call("isRevoked", HealthLedgerCalls.IsRevoked(nullifier), Hex.Of(nullifier));
        yield return Call(
            "checkConsent", HealthLedgerCalls.CheckConsent(leaf, words, lane, number, nullifier),
            Hex.Of(leaf), array, laneArgument, numberArgument, Hex.Of(nullifier));
        var assign = ConsortiumCalls.AssignLane(lane, account, new Address(chance.Bytes(20)));
        yield return Call("isWriter", HealthLedgerCalls.IsWriter(lane, account), laneArgument, account.ToString());
        yield return Call("isPaused", HealthLedgerCalls.IsPaused(lane), laneArgument);
        yield return Call("assignLane", assign, laneArgument, account.ToString(), Hex.Of(assign[^20..]));
        yield return Call("propose", ConsortiumCalls.Propose(assign), Hex.Of(assign));
        yield return Call("constructor", ConsortiumCalls.Deployment(account, account), (object)new[] { account.ToString(), account.ToString() });
    }

    private static object Call(string function, byte[] data, params object[] arguments) => new { function, data = Hex.Of(data), arguments };
}
