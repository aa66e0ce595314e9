using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hrms.Faults.Tests.Transport;

/// <summary>An authority of one cluster alone, as files that its processes are configured with, and what it signs.</summary>
internal sealed class ClusterCertificates : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    public ClusterCertificates()
    {
        var request = new CertificateRequest("CN=Cluster authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    public X509Certificate2 Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).Create(_authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>The configuration of a process of the cluster.</summary>
    public IReadOnlyList<(string Name, string? Value)> WriteTo(TemporaryFolder folder, string name)
    {
        using var own = Issue(name);
        File.WriteAllText(folder[$"{name}.pem"], own.ExportCertificatePem());
        File.WriteAllText(folder[$"{name}.key"], own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(folder[$"{name}-authority.pem"], _authority.ExportCertificatePem());
        return [("Hrms__ClusterCertificate", folder[$"{name}.pem"]), ("Hrms__ClusterCertificateKey", folder[$"{name}.key"]), ("Hrms__ClusterAuthority", folder[$"{name}-authority.pem"])];
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }
}
