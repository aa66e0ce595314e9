using System.Security.Cryptography;
using Hrms.Ledger.Governance;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Signing;
using Hrms.Ledger.Wire;
using Npgsql;

namespace Hrms.Faults.Tests.Members;

/// <summary>A consortium of two hospitals, A with lane 3 and B with lane 7, on one node. B reaches the node over two ways that misbehave on demand.</summary>
internal sealed class TwoMembers : IAsyncDisposable
{
    private readonly NodePool _pool;

    private TwoMembers(NodePool pool, ConsortiumClient consortium, SigningKey ofA, SigningKey ofB, MemberHost a, MemberHost b, MisbehavingNode way, MisbehavingNode otherWay) =>
        (_pool, Consortium, AccountOfA, AccountOfB, A, B, Way, OtherWay) = (pool, consortium, ofA, ofB, a, b, way, otherWay);

    public ConsortiumClient Consortium { get; }

    public SigningKey AccountOfA { get; }

    public SigningKey AccountOfB { get; }

    public MemberHost A { get; }

    public MemberHost B { get; }

    public MisbehavingNode Way { get; }

    public MisbehavingNode OtherWay { get; }

    public NodePool Nodes => _pool;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="keysAtA">Whether A's patients may have keys of their own, which lane 4 registers.</param>
    public static async Task<TwoMembers> StartAsync(PostgresFixture postgres, EvmNodeFixture node, bool keysAtA = false)
    {
        var pool = new NodePool([node.RpcUrl], TimeSpan.FromSeconds(30));
        var (ofA, ofB) = (new SigningKey(RandomNumberGenerator.GetBytes(32)), new SigningKey(RandomNumberGenerator.GetBytes(32)));
        var consortium = await ConsortiumClient.DeployAsync(pool, new SigningKey(RandomNumberGenerator.GetBytes(32)), [ofA.Address, ofB.Address], Cancellation);
        var (way, otherWay) = (await MisbehavingNode.StartAsync(node.RpcUrl), await MisbehavingNode.StartAsync(node.RpcUrl));
        var a = MemberHost.Make(consortium.Contracts, [node.RpcUrl], await postgres.CreateDatabaseAsync("a"), 3, keysAtA);
        var b = MemberHost.Make(consortium.Contracts, [way.Url, otherWay.Url], await postgres.CreateDatabaseAsync("b"), 7);
        var members = new TwoMembers(pool, consortium, ofA, ofB, a, b, way, otherWay);
        List<(int Lane, SigningKey Owner, Address Writer)> lanes = [(a.Lane, ofA, a.FirstKey), (b.Lane, ofB, b.FirstKey)];
        if (keysAtA)
            lanes.Add((a.Lane + 1, ofA, a.RegistrarKey));
        foreach (var (lane, owner, writer) in lanes)
        {
            var proposal = await consortium.AssignAsync(ofA, lane, owner.Address, writer, Cancellation);
            Assert.True((await consortium.ApproveAsync(ofB, proposal.Number, Cancellation)).IsExecuted);
        }
        await a.StartAsync();
        await b.StartAsync();
        return members;
    }

    /// <summary>A patient of A gives a practitioner access; what they take along: the signed paper and the proof of its event, once that is on the ledger.</summary>
    public async Task<Papers> GrantAtAAsync()
    {
        var patient = await A.Client.PatientAsync();
        var consent = (await A.Client.SendAsync(
            Party.Patient(patient), "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d}}){consent{id streamVersion} errors{code}}}",
            new { c = Guid.NewGuid(), p = patient, d = Guid.NewGuid() })).Field.GetProperty("consent");
        await A.Client.LedgerQuietAsync();
        var (id, version) = (consent.GetProperty("id").GetGuid(), consent.GetProperty("streamVersion").GetInt64());
        var papers = (await A.Client.SendAsync(
            Party.Patient(patient), $"query($p:ID!,$d:ID!){{patient(id:$p){{consentArtefact(consent:$d) proof(streamVersion:{version})}}}}", new { p = patient, d = id })).Field;
        return new Papers(patient, id, papers.GetProperty("consentArtefact").GetString()!, papers.GetProperty("proof").GetString()!);
    }

    public async Task RevokeAtAAsync(Papers papers)
    {
        Assert.Equal("REVOKED", (await A.Client.SendAsync(
            Party.Patient(papers.Patient), "mutation($c:ID!,$p:ID!,$d:ID!){revokeConsent(input:{commandId:$c,patient:$p,consent:$d}){consent{status} errors{code}}}",
            new { c = Guid.NewGuid(), p = papers.Patient, d = papers.Consent })).Field.GetProperty("consent").GetProperty("status").GetString());
        await A.Client.LedgerQuietAsync();
    }

    /// <summary>What B says of papers that A issued.</summary>
    public async Task<IssuedConsentAnswer> AskBAsync(string proof, string? artefact = null)
    {
        var check = (await B.Client.SendAsync(
            Party.Practitioner(Guid.NewGuid()), "query($b:String!,$a:String){checkIssuedConsent(proof:$b,artefact:$a){holds problem place asOfBlock byLedger event}}",
            new { b = proof, a = artefact })).Field;
        return new IssuedConsentAnswer(
            check.GetProperty("holds").GetBoolean(), check.GetProperty("problem").GetString(), check.GetProperty("place").GetString(),
            check.GetProperty("asOfBlock") is { ValueKind: JsonValueKind.Number } block ? block.GetInt64() : null,
            check.GetProperty("byLedger").ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null });
    }

    /// <summary>How far B has read: its follower's state, and the newest batch of each lane.</summary>
    public async Task<(string State, string? Alarm, Dictionary<long, long> Lanes)> FollowedByBAsync()
    {
        var status = (await B.Client.SendAsync(Party.Operator, "{ledgerFollower{state alarm block lanes{ledgerLane lastBatch own}}}")).Field;
        return (status.GetProperty("state").GetString()!, status.GetProperty("alarm").GetString(),
            status.GetProperty("lanes").EnumerateArray().ToDictionary(lane => lane.GetProperty("ledgerLane").GetInt64(), lane => lane.GetProperty("lastBatch").GetInt64()));
    }

    /// <summary>Asks until it holds, or fails the test after a minute.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            var answer = await ask();
            if (holds(answer))
                return answer;
            Assert.False(limit.IsCancellationRequested, $"Not within a minute: {answer}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }
    }

    /// <summary>What a person with the password of B's database can do. Triggers stay silent for a replica.</summary>
    public async Task AsSuperuserOfBAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(B.Postgres);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand($"set session_replication_role = replica; {sql}", connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
        await Way.DisposeAsync();
        await OtherWay.DisposeAsync();
        _pool.Dispose();
    }
}

/// <summary>What a patient takes along of a consent.</summary>
internal sealed record Papers(Guid Patient, Guid Consent, string Artefact, string Proof);

internal sealed record IssuedConsentAnswer(bool Holds, string? Problem, string? Place, long? AsOfBlock, bool? ByLedger);
