using Microsoft.EntityFrameworkCore;

namespace TsVlm.Scenarios.State;

/// <summary>The truth about experiments, runs and stages; only the scenarios service opens it.</summary>
public sealed class RunDatabase(DbContextOptions<RunDatabase> options) : DbContext(options)
{
    /// <summary>Experiments.</summary>
    public DbSet<ExperimentRow> Experiments => Set<ExperimentRow>();

    /// <summary>Runs of all experiments.</summary>
    public DbSet<RunRow> Runs => Set<RunRow>();

    /// <summary>Stages of all runs.</summary>
    public DbSet<StageRow> Stages => Set<StageRow>();

    /// <summary>Requests that named themselves, so that asking twice is asking once.</summary>
    public DbSet<IdempotencyKeyRow> IdempotencyKeys => Set<IdempotencyKeyRow>();

    /// <summary>The version of these tables, in one row.</summary>
    public DbSet<SchemaVersionRow> SchemaVersions => Set<SchemaVersionRow>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ExperimentRow>().HasMany(e => e.Runs).WithOne().HasForeignKey(r => r.ExperimentId);
        modelBuilder.Entity<ExperimentRunRow>().HasKey(r => new { r.ExperimentId, r.RunId });
        modelBuilder.Entity<ExperimentRunRow>().HasOne(r => r.Run).WithMany().HasForeignKey(r => r.RunId);
        modelBuilder.Entity<RunRow>().HasMany(r => r.Stages).WithOne().HasForeignKey(s => s.RunId);
        modelBuilder.Entity<StageRow>().HasKey(s => new { s.RunId, s.Stage });
        modelBuilder.Entity<StageRow>().HasIndex(s => s.Status);
        modelBuilder.Entity<StageRow>().HasIndex(s => new { s.Artifact, s.Status });
        modelBuilder.Entity<ExperimentRow>().HasIndex(e => new { e.CreatedUtc, e.Id });
        modelBuilder.Entity<IdempotencyKeyRow>().HasKey(k => k.Key);
        modelBuilder.Entity<IdempotencyKeyRow>().HasIndex(k => k.CreatedUtc);
        modelBuilder.Entity<SchemaVersionRow>().HasKey(v => v.Number);
        modelBuilder.Entity<SchemaVersionRow>().Property(v => v.Number).ValueGeneratedNever();
        modelBuilder.Entity<ExperimentRow>().Property(e => e.Intent).HasConversion<string>();
        modelBuilder.Entity<ExperimentRow>().Property(e => e.ReportStatus).HasConversion<string>();
        modelBuilder.Entity<ExperimentRow>().Property(e => e.Version).IsConcurrencyToken();
        modelBuilder.Entity<StageRow>().Property(s => s.Version).IsConcurrencyToken();
        modelBuilder.Entity<StageRow>().Property(s => s.Stage).HasConversion<string>();
        modelBuilder.Entity<StageRow>().Property(s => s.Status).HasConversion<string>();
    }
}
