using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TsVlm.Artifacts.Blobs;

/// <summary>Ready while the blob store answers; makes the container where there is none.</summary>
public sealed class BlobStoreCheck(IArtifactStore artifacts) : IHealthCheck
{
    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await ((BlobArtifactStore)artifacts).Open(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error)
        {
            return HealthCheckResult.Unhealthy("The artifact store does not answer.", error);
        }
    }
}
