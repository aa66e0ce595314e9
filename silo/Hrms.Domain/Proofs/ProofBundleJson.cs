namespace Hrms.Domain.Proofs;

/// <summary>A bundle as JSON.</summary>
public static class ProofBundleJson
{
    public static byte[] Write(ProofBundle bundle) => ProofJson.Write(bundle);

    /// <summary>The bundle, or what is wrong with its text.</summary>
    public static (ProofBundle? Bundle, ProofProblem? Problem) Read(ReadOnlySpan<byte> utf8)
    {
        var (bundle, place, problem) = ProofJson.Read<ProofBundle>(utf8);
        return bundle is null
            ? (null, new ProofProblem(ProofFault.NotABundle, place!, $"The file is not a proof bundle: {problem}"))
            : (bundle, null);
    }
}
