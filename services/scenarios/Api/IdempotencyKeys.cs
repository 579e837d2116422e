using Microsoft.EntityFrameworkCore;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Api;

/// <summary>
/// Remembers which request each idempotency key came with, for a week, and what it made. Replicas of the service share what they know.
/// </summary>
internal sealed class IdempotencyKeys(IDbContextFactory<RunDatabase> databases, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    /// <summary>The experiment that the key's request has made; null for none yet.</summary>
    /// <exception cref="ApiProblem">The key came with another body.</exception>
    public async Task<string?> Find(string key, string bodyHash, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.IdempotencyKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Key == key, cancellationToken) is { } row
            ? Ensure(row, bodyHash).ExperimentId : null;
    }

    /// <summary>Ties the key to the body. The same body again may go on: what it makes is the same experiment.</summary>
    /// <exception cref="ApiProblem">The key came with another body.</exception>
    public async Task Take(string key, string bodyHash, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var oldest = Now - KeptFor;
        await database.IdempotencyKeys.Where(k => k.CreatedUtc < oldest).ExecuteDeleteAsync(cancellationToken);
        database.IdempotencyKeys.Add(new() { Key = key, BodyHash = bodyHash, CreatedUtc = Now });
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another request took it first.
            database.ChangeTracker.Clear();
            if (await database.IdempotencyKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Key == key, cancellationToken) is not { } row)
                throw;
            Ensure(row, bodyHash);
        }
    }

    public async Task Complete(string key, string experimentId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.IdempotencyKeys.Where(k => k.Key == key)
            .ExecuteUpdateAsync(k => k.SetProperty(x => x.ExperimentId, experimentId), cancellationToken);
    }

    public async Task GiveBack(string key, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.IdempotencyKeys.Where(k => k.Key == key && k.ExperimentId == null).ExecuteDeleteAsync(cancellationToken);
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private static IdempotencyKeyRow Ensure(IdempotencyKeyRow row, string bodyHash) => row.BodyHash == bodyHash
        ? row
        : throw new ApiProblem(StatusCodes.Status422UnprocessableEntity, "The key came with another request.",
            $"Idempotency-Key '{row.Key}': expected the body that it first came with, found another. Use a new key for a new request.");
}
