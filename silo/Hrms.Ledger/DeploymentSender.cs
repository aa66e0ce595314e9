using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Microsoft.Extensions.Options;

namespace Hrms.Ledger;

/// <summary>Sends one transaction of the deployment until its receipt is there. The receipt alone decides.</summary>
internal sealed class DeploymentSender(TransactionSender sender, HealthLedgerView view, TimeProvider time, IOptions<LedgerOptions> options)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    public async Task SendAsync(byte[] signedTransaction, CancellationToken cancellationToken)
    {
        var hash = Keccak256.Hash(signedTransaction);
        var began = time.GetTimestamp();
        SendHint hint;
        do
        {
            hint = await sender.SendAsync(signedTransaction, cancellationToken);
            if (await view.ReceiptAsync(hash, cancellationToken) is { } receipt)
            {
                if (!receipt.Succeeded)
                    throw new LedgerDisagreesException($"Transaction {Hex.Of(hash)} of the contract's deployment failed on the chain.");
                return;
            }
            if (hint is SendHint.Refused)
                throw new LedgerDisagreesException($"No node takes transaction {Hex.Of(hash)} of the contract's deployment; the log says why.");
            await Task.Delay(PollInterval, time, cancellationToken);
        }
        while (time.GetElapsedTime(began) < options.Value.DeploymentPatience);
        if (hint is SendHint.NonceTooLow)
            throw new LedgerDisagreesException($"The chain has another transaction in the place of {Hex.Of(hash)} of the contract's deployment.");
        throw new LedgerUnavailableException(
            $"Transaction {Hex.Of(hash)} of the contract's deployment was in no block after {options.Value.DeploymentPatience.TotalSeconds:0} s.");
    }
}
