using System.Text.Json.Nodes;
using Hrms.Domain.PatientKeys;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Proofs;
using Hrms.Ledger.Rpc;

namespace Hrms.Verifier;

/// <summary>Reads, checks, answers. A class of its own so that tests can run it.</summary>
public static class VerifierProgram
{
    // A bundle carries one event and at most one record's content, which is far smaller; a witness and a trust file are smaller still.
    private const int FileBytesMax = 128 * 1024 * 1024;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (VerifierArguments.Parse(arguments) is not { } asked)
        {
            await errors.WriteLineAsync(VerifierArguments.Usage);
            return 2;
        }
        try
        {
            var bundle = await ReadAsync(asked.Bundle, cancellationToken);
            if (asked.Keys is { } keys)
                return await CheckArtefactAsync(bundle, await ReadAsync(keys, cancellationToken), asked, output, cancellationToken);
            return asked.Fetch ? await FetchAsync(bundle, asked, output, cancellationToken) : await CheckAsync(bundle, asked, output, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or LedgerUnavailableException or RpcErrorException or FormatException)
        {
            await errors.WriteLineAsync($"Nothing could be checked: {fault.Message}");
            return 2;
        }
    }

    private static async Task<int> CheckArtefactAsync(byte[] text, byte[] keys, VerifierArguments asked, TextWriter output, CancellationToken cancellationToken)
    {
        var (artefact, problem) = ArtefactCheck.Read(text, keys);
        var asksKey = artefact?.Patient is not null && asked.Nodes.Count > 0;
        if (artefact is not null && asked.Proof is null && asked.Nodes.Count > 0 && !asksKey)
            throw new FormatException("The paper carries no signature of the patient's that a node could be asked about. Give --proof, to ask whether the consent holds, or no --rpc.");
        if (problem is null && asked.Proof is { } proof)
            problem = await HoldsAsync(artefact!.Payload, await ReadAsync(proof, cancellationToken), asked, cancellationToken);
        if (problem is null && asksKey)
            problem = await KeyAsync(artefact!.Patient!, asked, cancellationToken);
        await output.WriteLineAsync(ArtefactCheck.Answer(artefact, problem, holdsByLedger: asked.Proof is not null, keyByLedger: asksKey, asked.Json));
        return problem is null ? 0 : 1;
    }

    /// <summary>Whether the ledger bears the patient's signature out. Null: it does.</summary>
    private static async Task<ProofProblem?> KeyAsync(PatientSignature signature, VerifierArguments asked, CancellationToken cancellationToken)
    {
        using var nodes = new NodePool(asked.Nodes, CallTimeout);
        return await new PatientKeyWitness(nodes, asked.Contract).CheckAsync(signature, cancellationToken);
    }

    /// <summary>Whether the proof is of the paper's event, and whether the ledger bears it out. Null: both.</summary>
    private static async Task<ProofProblem?> HoldsAsync(JsonNode paper, byte[] proof, VerifierArguments asked, CancellationToken cancellationToken)
    {
        var (subject, _, problem) = await CheckAsync(proof, asked, cancellationToken);
        return problem
            ?? (subject!.History is null && subject.Proof.Event.Kind == "consent" ? IssuedConsent.IsTheSame(paper, subject.Proof)
                : new ProofProblem(ProofFault.KindDiffers, "kind", "The proof is not of a consent that was given."));
    }

    private static async Task<int> CheckAsync(byte[] bundle, VerifierArguments asked, TextWriter output, CancellationToken cancellationToken)
    {
        var (subject, asOf, problem) = await CheckAsync(bundle, asked, cancellationToken);
        await output.WriteLineAsync((asked.Json, problem) switch
        {
            (true, _) => VerifierAnswer.Json(subject, asOf, problem),
            (false, null) => VerifierAnswer.Valid(subject!, asOf, asked.Contract is not null || asked.Validators is not null),
            (false, _) => VerifierAnswer.NotValid(problem),
        });
        return problem is null ? 0 : 1;
    }

    /// <returns>What the file shows; the block whose state was read, when that was a file's; what is wrong.</returns>
    private static async Task<(Subject?, BlockHeader?, ProofProblem?)> CheckAsync(byte[] text, VerifierArguments asked, CancellationToken cancellationToken)
    {
        var (subject, problem) = Subject.Open(text);
        if (subject is null)
            return (null, null, problem);
        if (asked.Header is { } header)
        {
            var (asOf, wrong) = OfflineCheck.Run(
                subject.Proof, await ReadAsync(header, cancellationToken), await ReadAsync(asked.Validators!, cancellationToken));
            return (subject, asOf, wrong);
        }
        using var nodes = new NodePool(asked.Nodes, CallTimeout);
        return (subject, null, await new LedgerWitness(new HealthLedgerView(nodes), asked.Contract).CheckAsync(subject.Proof, cancellationToken));
    }

    private static async Task<int> FetchAsync(byte[] text, VerifierArguments asked, TextWriter output, CancellationToken cancellationToken)
    {
        var (subject, problem) = Subject.Open(text);
        if (subject is null)
        {
            await output.WriteLineAsync(VerifierAnswer.NotValid(problem!));
            return 1;
        }
        using var nodes = new NodePool(asked.Nodes, CallTimeout);
        var witness = await new WitnessReader(nodes).ReadAsync(subject.Proof.Bundle, cancellationToken);
        await output.WriteLineAsync(System.Text.Encoding.UTF8.GetString(ProofJson.Write(witness)));
        return 0;
    }

    /// <exception cref="IOException">The file can't be read, or never ends.</exception>
    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var input = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
        using var copy = new MemoryStream();
        var part = new byte[64 * 1024];
        while (await input.ReadAsync(part, cancellationToken) is > 0 and var count)
        {
            if (copy.Length + count > FileBytesMax)
                throw new IOException($"{path} has more than {FileBytesMax} bytes.");
            copy.Write(part, 0, count);
        }
        return copy.ToArray();
    }
}
