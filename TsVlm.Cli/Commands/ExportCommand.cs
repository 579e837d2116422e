using System.CommandLine;
using TsVlm.Cli.Display;
using TsVlm.Cli.Export;
using TsVlm.Contracts;
using TsVlm.Evaluation.Results;
using TsVlm.Experiments;
using TsVlm.Experiments.Grid;
using TsVlm.Models;
using TsVlm.Representations.Rationales;
using TsVlm.Scenarios.Experiments;
using TsVlm.VisionLanguage.Prediction;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm export</c>: a trained model, or the samples, for other programs.</summary>
internal static class ExportCommand
{
    private const string HuggingFace = "hf";
    private const string LlavaJson = "llava-json";

    public static Command Create()
    {
        var format = new Option<string>("--format")
        {
            Description = "hf: the trained model of --checkpoint as a Hugging Face folder. llava-json: samples as conversations for LLaVA's own train_mem.py.",
            DefaultValueFactory = _ => HuggingFace,
        };
        format.AcceptOnlyFromAmong(HuggingFace, LlavaJson);
        var to = new Option<string>("--to") { HelpName = "DIR", Required = true, Description = "Folder to write; new or empty." };
        var force = new Option<bool>("--force") { Description = "Replaces an earlier export in that folder." };
        var checkpoint = SharedOptions.Checkpoint("hf: a run's folder (tsvlm-out/runs/RUN), or a checkpoint's own.");
        var merge = new Option<bool>("--merge")
        {
            Description = "hf: adds a LoRA adapter to the model's weights and writes the whole model; without it, the adapter alone in PEFT's form.",
        };
        var baseModel = new Option<string?>("--base")
        {
            HelpName = "NAME",
            Description = "hf: what the adapter calls its base model, such as llava-hf/llava-1.5-7b-hf; its folder where none is named.",
        };
        var data = SharedOptions.Data();
        var datasets = SharedOptions.Datasets();
        var scenarios = SharedOptions.Scenarios();
        var scenario = SharedOptions.Scenario();
        var (protocol, model, rationales) = (SharedOptions.Protocol(), SharedOptions.Model(), SharedOptions.Rationales());
        var resample = NumberOptions.Whole("--resample", "llava-json: resample of the split; 0 is the archive's own.", 0, 0, int.MaxValue);
        var command = new Command("export",
            "Writes a trained model for Hugging Face transformers and PEFT, or the samples for LLaVA's own training.\n\n"
            + "hf writes config.json, model.safetensors, tokenizer and processor files; the folder is a model for --model, too. A LoRA run gives\n"
            + "adapter_config.json and adapter_model.safetensors, or with --merge the whole model.\n"
            + "llava-json writes train.json, validation.json, test.json and images/, the same samples that a run of that scenario trains on.\n\n"
            + "Examples:\n"
            + "  tsvlm export --checkpoint tsvlm-out/runs/CBF.official-0.s0.both.1a2b3c4d --to cbf-model\n"
            + "  tsvlm export --checkpoint tsvlm-out/runs/RUN --merge --to merged-model\n"
            + "  tsvlm export --format llava-json --data archive --datasets GunPoint --scenarios paper --model llava-1.5-7b-hf --to gunpoint")
        {
            format, to, force, checkpoint, merge, baseModel, data, datasets, scenarios, scenario, protocol, resample, model, rationales,
        };
        command.Validators.Add(result =>
        {
            // A default is no value yet while the command line is checked.
            var chosen = result.GetValue(format) ?? HuggingFace;
            var isModel = chosen == HuggingFace;
            if (isModel && result.GetValue(checkpoint) is null)
                result.AddError("--checkpoint: expected the run to export, found none (or --format llava-json for samples).");
            Option[] withoutEffect = isModel
                ? [data, datasets, scenarios, scenario, protocol, resample, model, rationales] : [checkpoint, merge, baseModel];
            foreach (var option in withoutEffect.Where(option => result.GetResult(option) is { Implicit: false }))
                result.AddError($"{option.Name} has no effect with --format {chosen}; leave it out.");
        });
        command.Run(async (parsed, cancellationToken) =>
        {
            using var folder = new ExportFolder(parsed.GetValue(to)!, parsed.GetValue(force));
            if (parsed.GetValue(format) == HuggingFace)
            {
                var trained = CheckpointFolder.Open(await CheckpointLocation.Resolve(parsed.GetValue(checkpoint)!, cancellationToken));
                ModelExport.Write(trained, folder.Draft, parsed.GetValue(merge), parsed.GetValue(baseModel));
            }
            else
            {
                var catalog = new DatasetCatalog(parsed.GetValue(data));
                var file = parsed.GetValue(rationales) is { } path ? RationaleFile.Read(path) : null;
                var chosen = GridExpansion.Of(ScenarioPresets.Open(parsed.GetValue(scenarios)!)).Choose(parsed.GetValue(scenario));
                var export = new ConversationExport(
                    RationaleImport.Apply(file, [chosen])[0], new SplitReference(parsed.GetValue(protocol)!, parsed.GetValue(resample)),
                    ModelFolder.Open(parsed.GetValue(model)!), file);
                var counts = export.Write([.. catalog.Select(parsed.GetValue(datasets)!).Select(catalog.Open)], folder.Draft,
                    cancellationToken);
                foreach (var (split, count) in counts) Console.WriteLine($"{split}.json: {count} samples");
            }
            folder.Finish();
            Console.WriteLine($"Exported to {parsed.GetValue(to)}");
            return 0;
        });
        return command;
    }
}
