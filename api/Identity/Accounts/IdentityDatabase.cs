using Hrms.Api.Identity.Installations;
using Hrms.Api.Identity.Keys;
using Hrms.Api.Identity.OAuth;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;

namespace Hrms.Api.Identity.Accounts;

/// <summary>
/// The schema <c>identity</c>: accounts, passkeys, connected apps, tokens' entries and the server's own keys. <c>Migrations/*.sql</c> make it; a test compares them with this model.
/// </summary>
public sealed class IdentityDatabase(DbContextOptions<IdentityDatabase> options) : IdentityUserContext<Account, Guid>(options), IDataProtectionKeyContext
{
    public const string Schema = "identity";

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<ServerKey> ServerKeys => Set<ServerKey>();

    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema(Schema);
        builder.UseOpenIddict<Guid>();
        builder.Entity<Account>(account =>
        {
            account.ToTable("account");
            // What is sealed is longer than what was typed.
            account.Property(row => row.Email).HasColumnType("text");
            account.Property(row => row.UserName).HasColumnType("text");
            account.Property(row => row.Role).HasMaxLength(32);
            account.HasIndex(row => row.NormalizedEmail).IsUnique();
            account.HasIndex(row => row.Party);
        });
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("account_claim");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("account_login");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("account_token");
        builder.Entity<IdentityUserPasskey<Guid>>(passkey =>
        {
            passkey.ToTable("account_passkey");
            passkey.OwnsOne(row => row.Data, data => data.ToJson("data"));
        });
        builder.Entity<OpenIddictEntityFrameworkCoreApplication<Guid>>().ToTable("oauth_application");
        builder.Entity<OpenIddictEntityFrameworkCoreAuthorization<Guid>>().ToTable("oauth_authorization");
        builder.Entity<OpenIddictEntityFrameworkCoreScope<Guid>>().ToTable("oauth_scope");
        builder.Entity<OpenIddictEntityFrameworkCoreToken<Guid>>().ToTable("oauth_token");
        builder.Entity<DataProtectionKey>().ToTable("data_protection_key");
        builder.Entity<ServerKey>(key =>
        {
            key.ToTable("server_key");
            key.Property(row => row.Use).HasConversion<string>().HasMaxLength(16);
        });
        builder.Entity<SeenAssertion>(assertion =>
        {
            assertion.ToTable("seen_assertion");
            assertion.HasKey(row => row.Digest);
        });
        builder.Entity<FailedSignIns>(failed =>
        {
            failed.ToTable("failed_sign_in");
            failed.HasKey(row => row.UserId);
            failed.HasOne<Account>().WithOne().HasForeignKey<FailedSignIns>(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<DevicePoll>(poll =>
        {
            poll.ToTable("device_poll");
            poll.HasKey(row => row.TokenId);
            poll.HasOne<OpenIddictEntityFrameworkCoreToken<Guid>>().WithOne().HasForeignKey<DevicePoll>(row => row.TokenId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<EndedSession>(session => session.ToTable("ended_session"));
        builder.Entity<UntoldAct>(act =>
        {
            act.ToTable("untold_act");
            act.Property(row => row.Kind).HasConversion<string>().HasMaxLength(32);
            act.Property(row => row.About).HasMaxLength(UntoldAct.AboutMax);
        });
        builder.Entity<ToldSetting>(setting =>
        {
            setting.ToTable("told_setting");
            setting.HasKey(row => row.Name);
            setting.Property(row => row.Name).HasMaxLength(64);
            setting.Property(row => row.Value).HasMaxLength(ToldSetting.ValueMax);
        });
        SnakeCase.Apply(builder);
    }
}
