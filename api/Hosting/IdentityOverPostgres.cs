using System.Reflection;
using Hrms.Api.Identity;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Keys;
using Hrms.Domain.Ports;
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

    /// <summary><c>key id length (1) ‖ key id ‖ wrapped</c>: rotating the file's key leaves what was wrapped before readable.</summary>
    private sealed class FileKeyWrap(FileKeyVault vault) : IKeyWrap
    {
        private static readonly byte[] Purpose = "hrms/identity/data-protection/1"u8.ToArray();

        public byte[] Wrap(byte[] secret)
        {
            var id = System.Text.Encoding.ASCII.GetBytes(vault.CurrentKeyId);
            // The file's vault answers at once; nothing waits here.
            return [(byte)id.Length, .. id, .. vault.WrapAsync(vault.CurrentKeyId, secret, Purpose, CancellationToken.None).AsTask().GetAwaiter().GetResult()];
        }

        public byte[] Unwrap(byte[] wrapped)
        {
            var id = System.Text.Encoding.ASCII.GetString(wrapped.AsSpan(1, wrapped[0]));
            return vault.UnwrapAsync(id, wrapped[(1 + wrapped[0])..], Purpose, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
    }
}
