using System.Reflection;
using System.Text;
using Hrms.Api.Identity;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Keys;
using Hrms.Domain.Ports;
using Hrms.Domain.Sealing;
using Hrms.Storage.Keys;
using Hrms.Storage.Schema;

namespace Hrms.Api.Hosting;

/// <summary>The schema of the accounts and the key file that wraps its secrets, by the means that the silo's storage has for its own.</summary>
internal static class IdentityOverPostgres
{
    /// <summary>Registered before everything that reads the schema: hosted services start in this order.</summary>
    public static IServiceCollection AddIdentityStorage(this IServiceCollection services, HrmsIdentityOptions options)
    {
        services.AddHostedService(_ => new SchemaAtStart(options));
        services.AddSingleton<IKeyWrap>(provider => new FileKeyWrap(new FileKeyVault(options.KeyFile, provider.GetRequiredService<IEntropy>())));
        return services;
    }

    private sealed class SchemaAtStart(HrmsIdentityOptions options) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) =>
            SchemaMigrator.ApplyAsync(options.Postgres, IdentityDatabase.Schema, Assembly.GetExecutingAssembly(), cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

}

/// <summary>The key file of the accounts' server. <c>key id length (1) ‖ key id ‖ wrapped</c>: rotating the file's key leaves what was wrapped before readable.</summary>
internal sealed class FileKeyWrap(FileKeyVault vault) : IKeyWrap
{
    public byte[] Wrap(byte[] secret, string purpose)
    {
        var id = Encoding.ASCII.GetBytes(vault.CurrentKeyId);
        // The file's vault answers at once; nothing waits here.
        return [(byte)id.Length, .. id, .. vault.WrapAsync(vault.CurrentKeyId, secret, Bytes(purpose), CancellationToken.None).AsTask().GetAwaiter().GetResult()];
    }

    public byte[]? TryUnwrap(byte[] wrapped, string purpose)
    {
        if (wrapped.Length == 0 || wrapped.Length <= wrapped[0])
            return null;
        try
        {
            var id = Encoding.ASCII.GetString(wrapped.AsSpan(1, wrapped[0]));
            return vault.UnwrapAsync(id, wrapped[(1 + wrapped[0])..], Bytes(purpose), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception foreign) when (foreign is SealBrokenException or KeyFileException)
        {
            return null;
        }
    }

    private static byte[] Bytes(string purpose) => Encoding.UTF8.GetBytes($"hrms/identity/{purpose}/1");
}
