using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Api.Auth;

/// <summary>
/// Lets the bearer handler verify the same signature under the same key only once: a client sends its token with every request, and verifying ES256 costs more
/// than deciding a consent. Remembers nothing else. Issuer, audience, lifetime and everything that is asked of a token beyond are looked at each time.
/// </summary>
/// <param name="entriesMax">Signatures remembered for each key; when there are more, all are forgotten and verified again.</param>
internal sealed class RememberedSignatures(int entriesMax = 20_000) : CryptoProviderFactory
{
    // By key object: a key that is rotated away takes what it verified with it.
    private readonly ConditionalWeakTable<SecurityKey, Known> _byKey = [];

    public override SignatureProvider CreateForVerifying(SecurityKey key, string algorithm) => CreateForVerifying(key, algorithm, cacheProvider: true);

    public override SignatureProvider CreateForVerifying(SecurityKey key, string algorithm, bool cacheProvider) =>
        new Remembering(this, base.CreateForVerifying(key, algorithm, cacheProvider), _byKey.GetValue(key, _ => new Known(entriesMax)));

    public override void ReleaseSignatureProvider(SignatureProvider signatureProvider) =>
        base.ReleaseSignatureProvider(signatureProvider is Remembering remembering ? remembering.Inner : signatureProvider);

    private sealed class Remembering(RememberedSignatures owner, SignatureProvider inner, Known known) : SignatureProvider(inner.Key, inner.Algorithm)
    {
        public SignatureProvider Inner => inner;

        public override bool Verify(byte[] input, byte[] signature) => Verify(input, 0, input.Length, signature, 0, signature.Length);

        public override bool Verify(byte[] input, int inputOffset, int inputLength, byte[] signature, int signatureOffset, int signatureLength)
        {
            var digest = Digest(input.AsSpan(inputOffset, inputLength), signature.AsSpan(signatureOffset, signatureLength));
            if (known.Contains(digest))
                return true;
            if (!inner.Verify(input, inputOffset, inputLength, signature, signatureOffset, signatureLength))
                return false;
            known.Add(digest);
            return true;
        }

        public override byte[] Sign(byte[] input) => throw new NotSupportedException("This provider only verifies.");

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                owner.ReleaseSignatureProvider(inner);
        }

        /// <summary>Of everything that a verification depends on but the key; lengths keep the parts apart.</summary>
        private (UInt128, UInt128) Digest(ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Encoding.ASCII.GetBytes($"{Algorithm}|{input.Length}|"));
            hash.AppendData(input);
            hash.AppendData(signature);
            (UInt128, UInt128) digest = default;
            hash.GetHashAndReset(MemoryMarshal.AsBytes(new Span<(UInt128, UInt128)>(ref digest)));
            return digest;
        }
    }

    private sealed class Known(int entriesMax)
    {
        private readonly ConcurrentDictionary<(UInt128, UInt128), bool> _digests = [];
        private int _count;

        public bool Contains((UInt128, UInt128) digest) => _digests.ContainsKey(digest);

        public void Add((UInt128, UInt128) digest)
        {
            if (Interlocked.Increment(ref _count) > entriesMax)
            {
                _digests.Clear();
                Interlocked.Exchange(ref _count, 1);
            }
            _digests.TryAdd(digest, true);
        }
    }
}
