//! `shaders/view/present.wgsl`: painted pixels onto a surface.

use wgpu::util::DeviceExt;

use crate::gpu::{Context, Tensor};

const SOURCE: &str = include_str!("../../shaders/view/present.wgsl");

/// The one render pipeline of the house.
#[derive(Debug)]
pub(super) struct Present {
    pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    format: wgpu::TextureFormat,
    bound: Option<Bound>,
}

/// What the pass reads; made anew only when the pixels lie in another buffer.
#[derive(Debug)]
struct Bound {
    pixels: wgpu::Buffer,
    size: [u32; 2],
    bind_group: wgpu::BindGroup,
}

impl Present {
    pub(super) fn new(context: &Context, format: wgpu::TextureFormat) -> Self {
        let device = context.device();
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("view/present"),
            source: wgpu::ShaderSource::Wgsl(SOURCE.into()),
        });
        let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::FRAGMENT,
            ty: wgpu::BindingType::Buffer {
                ty,
                has_dynamic_offset: false,
                min_binding_size: None,
            },
            count: None,
        };
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("present"),
            entries: &[
                entry(0, wgpu::BufferBindingType::Uniform),
                entry(1, wgpu::BufferBindingType::Storage { read_only: true }),
            ],
        });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("present"),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("present"),
            layout: Some(&pipeline_layout),
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("present_vertex"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[],
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some("present_fragment"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(format.into())],
            }),
            multiview_mask: None,
            cache: None,
        });
        Self {
            pipeline,
            layout,
            format,
            bound: None,
        }
    }

    pub(super) fn format(&self) -> wgpu::TextureFormat {
        self.format
    }

    /// Submits the pass that copies `pixels` of a canvas of `size` to `target`.
    pub(super) fn show(
        &mut self,
        context: &Context,
        target: &wgpu::Texture,
        pixels: &Tensor,
        size: [u32; 2],
    ) {
        let is_current = |bound: &Bound| bound.pixels == pixels.buffer && bound.size == size;
        let bound = match self.bound.take().filter(is_current) {
            Some(bound) => bound,
            None => self.bind(context, pixels, size),
        };
        let bound = self.bound.insert(bound);
        let view = target.create_view(&wgpu::TextureViewDescriptor::default());
        context.submit(|encoder| {
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &view,
                    depth_slice: None,
                    resolve_target: None,
                    ops: wgpu::Operations::default(),
                })],
                ..Default::default()
            });
            pass.set_pipeline(&self.pipeline);
            pass.set_bind_group(0, &bound.bind_group, &[]);
            pass.draw(0..3, 0..1);
        });
    }

    fn bind(&self, context: &Context, pixels: &Tensor, size: [u32; 2]) -> Bound {
        let device = context.device();
        let params = device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some("present"),
            contents: bytemuck::bytes_of(&[size[0], size[1], 0, 0]),
            usage: wgpu::BufferUsages::UNIFORM,
        });
        let entry = |binding, resource| wgpu::BindGroupEntry { binding, resource };
        let bind_group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("present"),
            layout: &self.layout,
            entries: &[entry(0, params.as_entire_binding()), entry(1, pixels.binding())],
        });
        Bound {
            pixels: pixels.buffer.clone(),
            size,
            bind_group,
        }
    }
}
